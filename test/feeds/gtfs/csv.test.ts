import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CsvReader } from '#feeds/gtfs/csv.ts'
import { BAD, EMPTY, Row } from '#feeds/gtfs/row.ts'

interface Read {
  readonly rows: string[][]
  readonly lines: number[]
  readonly troubles: string[]
}

function read(text: string | Uint8Array, columns: readonly string[], chunk = Number.POSITIVE_INFINITY): Read {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const result: Read = { rows: [], lines: [], troubles: [] }
  const reader = new CsvReader('test.txt', columns, {
    onHeader: () => {},
    onRow: row => {
      result.rows.push(columns.map((_, i) => row.text(i)))
      result.lines.push(row.line)
    },
    onTrouble: (trouble, line) => result.troubles.push(`${trouble}:${line}`),
  })
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, at + chunk))
  reader.finish()
  return result
}

describe('rows', () => {
  test.each<[string, string, string[][]]>([
    ['the last line may lack its end (S4)', 'a,b\n1,2', [['1', '2']]],
    [
      'CRLF (S4)',
      'a,b\r\n1,2\r\n3,4\r\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['BOM only before the header (S2)', '\uFEFFa,b\n1,2\n', [['1', '2']]],
    ['blanks around names and values (S3)', ' a , b \n 1 ,\t2 \n', [['1', '2']]],
    ['unknown columns between (S3)', 'x,b,y,a\n9,2,9,1\n', [['1', '2']]],
    ['a missing column is empty (S3)', 'b\n2\n', [['', '2']]],
    [
      'short rows are padded (S3)',
      'a,b\n1\n3,4\n',
      [
        ['1', ''],
        ['3', '4'],
      ],
    ],
    ['quotes (S4)', 'a,b\n"1,""x""",2\n', [['1,"x"', '2']]],
    ['blanks inside quotes stay (S4)', 'a,b\n " 1 " , "2"\n', [[' 1 ', '2']]],
    ['a lone quote is itself (S4)', 'a,b\n5" pipe,2"\n', [['5" pipe', '2"']]],
    [
      'a line break in quotes is a blank (S4)',
      'a,b\n"1\r\nx",2\n3,4\n',
      [
        ['1 x', '2'],
        ['3', '4'],
      ],
    ],
    [
      'empty lines are no rows (S5)',
      'a,b\n\n1,2\n\r\n\n3,4\n\n',
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ],
    ['a quoted header', '"a","b"\n1,2\n', [['1', '2']]],
  ])('%s', (_, text, expected) => {
    for (const chunk of [1, 2, 3, 100]) expect(read(text, ['a', 'b'], chunk).rows).toEqual(expected)
  })

  test('the first of two columns with one name counts (S6)', () => {
    expect(read('a,a\n1,2\n', ['a'])).toMatchObject({ rows: [['1']], troubles: ['duplicate_column:1'] })
  })

  test('extra cells are ignored and reported (S3)', () => {
    expect(read('a,b\n1,2\n1,2,3\n', ['a', 'b'])).toMatchObject({
      rows: [
        ['1', '2'],
        ['1', '2'],
      ],
      troubles: ['extra_cells:3'],
    })
  })

  describe('a quote that is never closed ends with its line (S4)', () => {
    const long = 'y'.repeat(40_000)

    test.each<[string, string, string[], string[]]>([
      ['at the end of the file', '1,"2', ['1|2'], ['stray_quote:2']],
      ['at the end of the last line', '1,"2\n', ['1|2'], ['stray_quote:2']],
      ['alone in its cell', '1,"\n2,3\n', ['1|', '2|3'], ['stray_quote:2']],
      ['with rows behind it', '1,"2\r\n3,4\r\n5,6', ['1|2', '3|4', '5|6'], ['stray_quote:2']],
      ['a cell short, so dropped', '"1\n3,4\n5,6\n', ['3|4', '5|6'], ['unclosed_quote:2']],
      ['a cell too many, so dropped', '1,"2,3\n4,5\n', ['4|5'], ['unclosed_quote:2']],
      ['behind a value with a line break', '"1\n1","2\n3,4\n', ['1 1|2', '3|4'], ['stray_quote:2']],
      ['the next quote opens a value', '1,"2\n3,"4, 5"\n', ['1|2', '3|4, 5'], ['stray_quote:2']],
      ['the next quotes are an empty value', '1,"2\n3,""\n4,"5"\n', ['1|2', '3|', '4|5'], ['stray_quote:2']],
      ['one after the other', '1,"2\n3,"4\n"5,6\n', ['1|2', '3|4', '5|6'], [2, 3, 4].map(n => `stray_quote:${n}`)],
      [
        'too far away',
        `1,"2\n${long},3\n${long},4\n5,6"\n`,
        ['1|2', `${long}|3`, `${long}|4`, '5|6"'],
        ['stray_quote:2'],
      ],
    ])('%s', (_, text, rows, troubles) => {
      for (const chunk of text.length < 100 ? [1, 2, 3, 7, 100] : [1 << 14, 1 << 18]) {
        const found = read(`a,b\n${text}`, ['a', 'b'], chunk)
        expect([found.rows.map(row => row.join('|')), found.troubles]).toEqual([rows, troubles])
      }
    })

    test('a long value with line breaks that is closed is one', () => {
      const value = 'a line of thirty-two characters\n'.repeat(2000)
      expect(read(`a,b\n1,"${value}" ,\n2,3\n`, ['a', 'b'], 1000)).toMatchObject({
        rows: [
          ['1', value.replaceAll('\n', ' ')],
          ['2', '3'],
        ],
        lines: [2, 2003],
      })
    })

    test('in the header', () => {
      expect(read('a,"b\n1,2\n', ['a', 'b'])).toMatchObject({ rows: [['1', '2']], troubles: ['stray_quote:1'] })
    })
  })

  test('lines are counted as an editor does', () => {
    expect(read('a,b\n"1\n\n",2\n3,4\n', ['a', 'b']).lines).toEqual([2, 5])
  })

  test.each(['x'.repeat(3 << 20), `"${'x'.repeat(3 << 20)}`])('an endless line is refused', text => {
    expect(() => read(`a\n${text}`, ['a'], 1 << 16)).toThrow(/FEED_TOO_LARGE at test.txt:2/)
    expect(() => read(`a\n${text}`, ['a'])).toThrow(/FEED_TOO_LARGE at test.txt:2/)
  })
})

test('equals csv-parse on any text and any cutting into chunks', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '€', '"', ',', ' ', '\n', '7', '😀'), maxLength: 6 })
  const quote = (text: string): string => (/[",\n ]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 9 }),
      (rows, eol, chunk) => {
        const text = ['a,b,c', ...rows.map(row => row.map(quote).join(','))].join(eol)
        const expected = parse(text, { columns: false, from_line: 1, skip_empty_lines: true }) as string[][]
        const breaksAsBlanks = expected.slice(1).map(row => row.map(value => value.replaceAll('\n', ' ')))
        expect(read(text, ['a', 'b', 'c'], chunk).rows).toEqual(breaksAsBlanks)
      },
    ),
    { numRuns: 300 },
  )
})

describe('cells', () => {
  function rowOf(text: string): Row {
    const row = new Row(1)
    row.bytes = new TextEncoder().encode(text)
    row.end[0] = row.bytes.length
    return row
  }

  test.each<[string, number]>([
    ['9:05:00', 32_700],
    ['09:05:00', 32_700],
    ['25:30:00', 91_800],
    ['168:00:00', 604_800],
    ['00:00:00', 0],
    ['', EMPTY],
    ['24:00', BAD],
    ['168:00:01', BAD],
    ['1000:00:00', BAD],
    ['7:3x:00', BAD],
    ['7:60:00', BAD],
    ['7:00:60', BAD],
    ['-1:00:00', BAD],
    [':00:00', BAD],
    ['12:00:00 AM', BAD],
  ])('time %s (S7)', (text, seconds) => {
    expect(rowOf(text).time(0)).toBe(seconds)
  })

  test.each<[string, number]>([
    ['0', 0],
    ['007', 7],
    ['2147483647', 2147483647],
    ['2147483648', BAD],
    ['99999999999', BAD],
    ['', EMPTY],
    ['-1', BAD],
    ['1.0', BAD],
  ])('number %s', (text, value) => {
    expect(rowOf(text).int(0)).toBe(value)
  })

  test('decimals equal what the language reads, to the seventh decimal', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1.8e9, max: 1.8e9 }), fc.integer({ min: 0, max: 12 }), (e7, decimals) => {
        const text = (e7 / 1e7).toFixed(decimals)
        expect(Math.abs(rowOf(text).e7(0) - Number(text) * 1e7)).toBeLessThanOrEqual(0.5000001)
      }),
    )
    expect(rowOf('5.1e1').e7(0)).toBe(510_000_000)
    expect(rowOf('north').e7(0)).toBeNaN()
    expect(rowOf('').e7(0)).toBeNaN()
  })
})
