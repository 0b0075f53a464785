/** What a refusal says where there is no form to show it in. */
import { expect, test } from 'vitest'

import { isLostRecord, Problem, problemOf, sayFailures, sentenceOf, Unreachable } from './problem'

function aProblem(status: number, details: string[] = []): Problem {
  const errors = details.map((detail) => ({ pointer: '/file', code: 'x', detail }))
  return new Problem({ type: 'urn:park:invalid', title: '不行', status, detail: '有 1 处填写需要更正。', errors })
}

const told = async (status: number) =>
  sentenceOf(await problemOf(new Response('<html>Bad Gateway</html>', { status })))

test('the reasons are told, each once, not how many there are', () => {
  expect(sentenceOf(aProblem(422, ['这不是表格文件。', '这不是表格文件。']))).toBe('这不是表格文件。')
})

test('without reasons the detail stands', () => {
  expect(sentenceOf(aProblem(409))).toBe('有 1 处填写需要更正。')
})

test('an address whose id cannot be one leads nowhere, as one nobody has', () => {
  expect([404, 422, 403, 500].map((status) => isLostRecord(aProblem(status)))).toEqual([true, true, false, false])
})

test("a broken line, a proxy's page and a fault of this page are told in the reader's words, not the browser's", async () => {
  sayFailures((failure) => `<${failure}>`)
  expect(sentenceOf(new Unreachable('Failed to fetch'))).toBe('<offline>')
  expect(sentenceOf(new TypeError('x is undefined'))).toBe('<broken>')
  expect(await Promise.all([413, 429, 502, 503, 504, 500].map(told))).toEqual(
    ['large', 'busy', 'down', 'down', 'down', 'broken'].map((failure) => `<${failure}>`),
  )
})
