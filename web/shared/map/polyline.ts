/** Google's encoded polyline with `precision` decimals, as GeoJSON positions [lon, lat]. Stops quietly where the text is cut off. */
export function decodePolyline(points: string, precision: number): [lon: number, lat: number][] {
  const scale = 10 ** -precision
  const line: [number, number][] = []
  let at = 0
  let lat = 0
  let lon = 0
  const next = () => {
    let value = 0
    for (let shift = 0; at < points.length; shift += 5) {
      const chunk = points.charCodeAt(at++) - 63
      value += (chunk & 31) * 2 ** shift
      if (chunk < 32) break
    }
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }
  while (at < points.length) {
    lat += next()
    lon += next()
    line.push([lon * scale, lat * scale])
  }
  return line
}
