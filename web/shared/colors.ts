// Route colours come from outside: checked, and made readable.

/** `background` and `color` of a line's badge. A text colour that cannot be read on its background (WCAG: 4.5) is replaced. */
export function badgeColors(
  color: string | undefined,
  textColor: string | undefined,
): { background: string; color: string } | undefined {
  if (!isHex(color)) return undefined
  const text =
    isHex(textColor) && contrast(color, textColor) >= 4.5
      ? textColor
      : contrast(color, 'FFFFFF') >= contrast(color, '000000')
        ? 'FFFFFF'
        : '000000'
  return { background: `#${color}`, color: `#${text}` }
}

const isHex = (color: string | undefined): color is string => color !== undefined && /^[0-9a-f]{6}$/i.test(color)

function contrast(a: string, b: string): number {
  const [bright, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (bright + 0.05) / (dark + 0.05)
}

// WCAG 2.2, relative luminance
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}
