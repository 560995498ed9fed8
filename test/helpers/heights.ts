/** The bytes of a tile, written as the format is published: rows from north to south, each from west to east, big-endian int16. */
export function tileOf(side: number, metres: (row: number, column: number) => number): Uint8Array {
  const view = new DataView(new ArrayBuffer(side * side * 2))
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) view.setInt16((row * side + column) * 2, metres(row, column), false)
  return new Uint8Array(view.buffer)
}
