/** Bytes of one message between a service and the process beside it: as many as are taken in without keeping anybody waiting. */
export const longestPart = 256 * 1024;
