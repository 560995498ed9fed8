// A text field that suggests places while one types: the combobox of the ARIA Authoring Practices (list autocomplete, manual choice).

import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useSetting } from '../../shared/setting.ts'
import { type ChosenPlace, highlight, locate, placeOf } from './places.ts'
import { useMatches } from './use-matches.ts'

interface PlaceSearchProps {
  readonly label: string
  readonly placeholder: string
  readonly place: ChosenPlace | undefined
  readonly onChoose: (place: ChosenPlace | undefined) => void
  /** `lat,lon`: what is near comes first. */
  readonly near: string | undefined
  readonly onlyStops?: boolean
  /** Takes away the field itself; without it the field can only be emptied. */
  readonly onRemove?: () => void
  /** Has come because somebody wants to type. */
  readonly focused?: boolean
  readonly labelHidden?: boolean
}

interface Option {
  readonly key: string
  readonly name: ComponentChildren
  readonly detail: string
  choose(): void
}

export function PlaceSearch({
  label,
  placeholder,
  place,
  onChoose,
  near,
  onlyStops = false,
  onRemove,
  focused = false,
  labelHidden = false,
}: PlaceSearchProps) {
  const { t } = useSetting()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // undefined: nobody is typing, the chosen place's name is shown
  const [typed, setTyped] = useState<string>()
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const hurried = useRef(false)
  const [problem, setProblem] = useState('')
  const found = useMatches(typed ?? '', near, onlyStops)

  useLayoutEffect(() => {
    if (focused) input.current?.focus()
  }, [])

  const take = (chosen: ChosenPlace | undefined) => {
    setTyped(undefined)
    setOpen(false)
    setActive(-1)
    onChoose(chosen)
  }
  const empty = () => {
    onChoose(undefined)
    setTyped('')
    input.current?.focus()
  }
  const options: Option[] = found.matches.map(match => ({
    key: `${match.type} ${match.id}`,
    name: highlight(match).map(({ text, typed }) => (typed ? <mark>{text}</mark> : text)),
    detail: describe(match),
    choose: () => take(placeOf(match)),
  }))
  if (!onlyStops && !typed && 'geolocation' in navigator)
    options.push({
      key: 'here',
      name: t.myLocation,
      detail: '',
      choose: () => locate(t).then(take, (error: Error) => setProblem(error.message)),
    })
  const shown = open && options.length > 0
  const trouble = problem || (open && typed && found.failed ? t.suggestionsFailed : '')

  function describe(match: {
    type: string
    areas: readonly { name: string; default?: boolean | undefined }[]
  }): string {
    const kind = match.type === 'STOP' ? t.stop : match.type === 'ADDRESS' ? t.address : t.place
    const area = match.areas.find(area => area.default)?.name
    return area ? `${kind} · ${area}` : kind
  }

  // The first suggestion is preselected for each new answer, and taken if Enter was faster than the answer.
  useEffect(() => {
    setActive(found.matches.length > 0 ? 0 : -1)
    if (hurried.current && found.text === typed) options[0]?.choose()
    hurried.current = false
  }, [found])

  function onKeyDown(event: KeyboardEvent): void {
    const n = options.length
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      if (n > 0) setActive((active + (event.key === 'ArrowDown' ? 1 : active < 0 ? 0 : -1) + n) % n)
    } else if (event.key === 'Enter') {
      if (found.text !== (typed ?? '')) hurried.current = true
      else if (shown) options[active]?.choose()
    } else if (event.key === 'Escape') {
      if (shown) setOpen(false)
      else if (typed) setTyped(undefined)
      else if (!place) onRemove?.()
    }
  }

  return (
    <div class="place-search">
      <label for={id} class={labelHidden ? 'sr-only' : ''}>
        {label}
      </label>
      <div class="place-field">
        <input
          ref={input}
          id={id}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          placeholder={placeholder}
          aria-autocomplete="list"
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          value={typed ?? place?.name ?? ''}
          onInput={event => {
            setTyped(event.currentTarget.value)
            setOpen(true)
            setProblem('')
            hurried.current = false
          }}
          onFocus={event => {
            event.currentTarget.select()
            setOpen(true)
          }}
          onBlur={() => {
            setOpen(false)
            setTyped(undefined)
          }}
          onKeyDown={onKeyDown}
        />
        {(onRemove || (typed ?? place?.name)) && (
          <button
            type="button"
            class="clear"
            aria-label={`${label}: ${onRemove ? t.via.remove : t.clear}`}
            onClick={onRemove ?? empty}
          >
            <span aria-hidden="true">×</span>
          </button>
        )}
      </div>
      <div id={`${id}-list`} class="suggestions" role="listbox" aria-label={label} hidden={!shown}>
        {options.map((option, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          <div
            key={option.key}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            // mousedown would take the focus, and with it the list, before the click
            onMouseDown={event => event.preventDefault()}
            onClick={option.choose}
          >
            <span>{option.name}</span>
            <small>{option.detail}</small>
          </div>
        ))}
      </div>
      <p class="sr-only" role="status">
        {trouble || (open && typed && found.text === typed ? t.matches(found.matches.length) : '')}
      </p>
      {trouble && (
        <p class="hint is-warning" aria-hidden="true">
          {trouble}
        </p>
      )}
      {!trouble && open && typed && found.text === typed && found.matches.length === 0 && (
        <p class="hint">{t.matches(0)}</p>
      )}
    </div>
  )
}
