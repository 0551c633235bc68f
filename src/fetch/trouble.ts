/** Why one module was not fetched. Expected: the others go on. */
export class FetchTrouble extends Error {}
