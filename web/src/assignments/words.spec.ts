/** A certificate never says more than was proved. */
import { expect, test } from 'vitest'

import type { Certificate } from '@/api/assignments'
import { i18n, speakLocale } from '@/i18n'

import { sentencesOf } from './words'

const proved: Certificate = {
  total: 12.34567,
  bound: 12.34567,
  gap: 0,
  proved: true,
  pairs_priced: 20000,
  pairs_considered: 1500,
  rounds: 3,
  worst: 0.8,
  worst_bound: null,
  worst_proved: null,
}

async function said(certificate: Certificate): Promise<string[]> {
  await speakLocale('zh-CN')
  return sentencesOf(certificate).map(({ key, values }) => i18n.global.t(key, values))
}

test('a proved optimum says that no better total exists, and over how many pairs that was checked', async () => {
  const [total, priced] = await said(proved)
  expect(total).toContain('已证明最优')
  expect(total).toContain('12.3457')
  expect(priced).toContain('20,000')
  expect(priced).toContain('1,500')
})

test('what was only found says how much better any other could be, never rounded in its favour', async () => {
  const [total] = await said({ ...proved, proved: false, bound: 12.4, gap: 0.0041 })
  expect(total).not.toContain('已证明')
  expect(total).toContain('12.4')
  expect(total).toContain('0.5%')
  const [close] = await said({ ...proved, proved: false, bound: 12.3457, gap: 0.000001 })
  expect(close).toContain('0.1%')
})

test('with the worst-off first, the best total is claimed only among those that serve it as well', async () => {
  const [worst, total] = await said({ ...proved, worst_bound: 0.8, worst_proved: true })
  expect(worst).toContain('0.8')
  expect(worst).toContain('不可能更高')
  expect(total).toContain('在此前提下')
  const [bounded] = await said({ ...proved, worst_bound: 0.9, worst_proved: false })
  expect(bounded).toContain('0.9')
  expect(bounded).not.toContain('不可能更高')
})
