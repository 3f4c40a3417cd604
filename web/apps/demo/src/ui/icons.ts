const paths = {
  mic: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>',
  micOff: '<path d="M15 9.500V6a3 3 0 0 0-5.900-.800M9 9v2a3 3 0 0 0 4.600 2.500M5 11a7 7 0 0 0 10.800 5.900M19 11a7 7 0 0 1-.700 3M12 18v3M3.500 3.500l17 17"/>',
  camera: '<rect x="2.500" y="6" width="13" height="12" rx="3"/><path d="m15.500 10.500 4.700-2.800a.8.8 0 0 1 1.300.7v7.200a.8.8 0 0 1-1.300.7l-4.700-2.800"/>',
  cameraOff: '<path d="M10.500 6h2a3 3 0 0 1 3 3v1.500l4.700-2.800a.8.8 0 0 1 1.300.7v7.200M15.500 15.500A3 3 0 0 1 12.500 18h-7a3 3 0 0 1-3-3V9a3 3 0 0 1 2.700-3M3.500 3.500l17 17"/>',
  screen: '<rect x="2.500" y="4" width="19" height="13" rx="2.500"/><path d="M8.500 21h7M12 13.500v-6M9 10l3-3 3 3"/>',
  leave: '<path d="M3.300 14.600c-1-1-1-2.300-.200-3.300C5 9 8.300 7.500 12 7.500s7 1.500 8.900 3.800c.800 1 .800 2.300-.200 3.300l-1 1a1.400 1.400 0 0 1-1.600.3l-2.400-1.200a1.400 1.400 0 0 1-.800-1.300v-1.600a11 11 0 0 0-5.800 0v1.600c0 .600-.300 1-.800 1.300l-2.400 1.200a1.400 1.400 0 0 1-1.600-.3z"/>',
  link: '<path d="M10 14a4 4 0 0 0 5.700 0l3.100-3.100a4 4 0 0 0-5.700-5.700L12 6.300M14 10a4 4 0 0 0-5.700 0l-3.100 3.100a4 4 0 0 0 5.700 5.700l1.100-1.100"/>',
  people: '<circle cx="9" cy="8" r="3.500"/><path d="M2.500 20a6.500 6.500 0 0 1 13 0M16 4.800a3.500 3.500 0 0 1 0 6.400M18 14.500a6.500 6.500 0 0 1 3.500 5.500"/>',
  settings: '<path d="M4 7h9M19 7h1M4 17h1M11 17h9"/><circle cx="16" cy="7" r="2.500"/><circle cx="8" cy="17" r="2.500"/>',
  alert: '<path d="M12 8.500v4.500M12 16.500v.100M10.300 4.200 2.700 17.500A2 2 0 0 0 4.400 20.500h15.200a2 2 0 0 0 1.700-3L13.700 4.200a2 2 0 0 0-3.400 0z"/>',
  check: '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  sound: '<path d="M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11"/>',
  wifi: '<path d="M2.500 9a14 14 0 0 1 19 0M5.800 12.600a9 9 0 0 1 12.400 0M9 16a4.500 4.500 0 0 1 6 0M12 19.500v.100"/>',
} as const;

export type IconName = keyof typeof paths;

/** A line icon that takes the colour of the text around it. */
export function icon(name: IconName): SVGSVGElement {
  const template = document.createElement('template');
  template.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${paths[name]}</svg>`;
  return template.content.firstElementChild as SVGSVGElement;
}
