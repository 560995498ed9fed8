// The few signs that are quicker to read than their words. Always beside a text or a label, so hidden from screen readers.

const paths = {
  walk: 'M13 4a1.6 1.6 0 1 0 0-.01M9 21l2-6 3 3v4M14 12l-3 3-1-4 3-3 3 3h3M8 11l2-3 3 0',
  change: 'M7 4v13m0 0-3-3m3 3 3-3M17 20V7m0 0-3 3m3-3 3 3',
  swap: 'M7 4v13m0 0-3-3m3 3 3-3M17 20V7m0 0-3 3m3-3 3 3',
  board: 'M4 6h16M4 12h10M4 18h13',
  journey: 'M6 18a2 2 0 1 0 0 .01M18 6a2 2 0 1 0 0 .01M6 16V9a3 3 0 0 1 6 0v6a3 3 0 0 0 6 0V8',
  reach:
    'M12 12m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0M12 12m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M12 12m-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0',
  elevator: 'M5 3h14v18H5zM12 3v18M8.5 10 7 12.5h3zm7 4 1.5-2.5h-3z',
  map: 'M9 4 4 6v14l5-2 6 2 5-2V4l-5 2-6-2zm0 0v14m6-12v14',
} as const

export function Icon({ name }: { readonly name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
