// What is measured beside the floor, and what others need for the same on this class of machine (2 cores, one for the server;
// AES-GCM, 1,100-octet packets, loopback): known figures, not measured by this bench.
export const scenarios = [
  {
    name: 'video, 1 publisher -> 100',
    args: ['--subscribers', '100'],
    goal: { ratio: 1.25 },
    peers: { mediasoup: '9.9', janus: '12.7-26' },
  },
  {
    name: 'video, 1 publisher -> 500',
    args: ['--subscribers', '500'],
    goal: { ratio: 1.25 },
    peers: { mediasoup: '-', janus: '-' },
  },
  {
    name: '10 rooms x 4, audio + video',
    args: ['--rooms', '10', '--publishers', '4', '--subscribers', 'all', '--media', 'audio,video'],
    goal: { microseconds: 7 },
    peers: { mediasoup: '14.0', janus: '26-30' },
  },
  {
    name: 'audio, 1 publisher -> 200',
    args: ['--subscribers', '200', '--media', 'audio'],
    goal: { ratio: 1.5 },
    peers: { mediasoup: '9.3', janus: '22-39' },
  },
];

/** The same cost for each, if the cost of a packet is flat. */
export const flatness = [
  { name: '1 room -> 10', args: ['--subscribers', '10'] },
  { name: '1 room -> 100', args: ['--subscribers', '100'] },
  { name: '1 room -> 1000', args: ['--subscribers', '1000'] },
  { name: '10 rooms -> 10', args: ['--rooms', '10', '--subscribers', '10'] },
  { name: '50 rooms -> 10', args: ['--rooms', '50', '--subscribers', '10'] },
];

export const peers = {
  most: { mediasoup: '341-446', janus: '159-345', goal: 1000 },
  memoryKib: { mediasoup: '140', janus: '464', goal: 110 },
  setupsPerSecond: { mediasoup: '403', janus: '138', goal: 500 },
};
