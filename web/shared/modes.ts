/** Buses stop at bays, trains at platforms. */
export const isBus = (mode: string): boolean => mode === 'BUS' || mode === 'COACH'
