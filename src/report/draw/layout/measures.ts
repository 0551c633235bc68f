/** Sizes in pixels, the same for whoever draws. */
export const boxWidth = 164;
export const boxHeight = 44;
/** From the left edge of one column to that of the next. */
export const columnStep = 240;
export const rowGap = 14;
export const waypointGap = 11;
/** Between parts that nothing connects. */
export const partGap = 30;
/** Within a lane or a frame, around what stands in it. */
export const padding = 20;
/** What the title of a lane or a frame takes. */
export const head = 26;
export const laneGap = 18;
