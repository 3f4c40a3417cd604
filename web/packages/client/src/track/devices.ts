/** Cameras, microphones or speakers of this machine. With `requestPermissions` a nameless list is asked for with a device open. */
export async function listDevices(kind: MediaDeviceKind | undefined, requestPermissions: boolean): Promise<MediaDeviceInfo[]> {
  const ofKind = (device: MediaDeviceInfo) => kind === undefined || device.kind === kind;
  const wanted = (await navigator.mediaDevices.enumerateDevices()).filter(ofKind);
  const nameless = wanted.some((device) => device.label === '' && device.kind !== 'audiooutput');
  if (!requestPermissions || !nameless) {
    return wanted;
  }
  const stream = await navigator.mediaDevices.getUserMedia({
    video: kind === undefined || kind === 'videoinput',
    audio: kind !== 'videoinput',
  });
  const named = await navigator.mediaDevices.enumerateDevices();
  stream.getTracks().forEach((track) => track.stop());
  return named.filter(ofKind);
}
