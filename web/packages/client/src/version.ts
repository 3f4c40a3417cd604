declare const __SDK_VERSION__: string;

/** The version of this package, set by the build. */
export const version: string = __SDK_VERSION__;
