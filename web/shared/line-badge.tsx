import { badgeColors } from './colors.ts'

interface LineBadgeProps {
  readonly line: string
  readonly color?: string | undefined
  readonly textColor?: string | undefined
}

/** The line's name on the line's colour. */
export function LineBadge({ line, color, textColor }: LineBadgeProps) {
  return (
    <span class="line" style={badgeColors(color, textColor)}>
      {line}
    </span>
  )
}
