/** Candidates are walked and opened by keys; what is decided already says so. */
import { VueQueryPlugin } from '@tanstack/vue-query'
import { mount, RouterLinkStub } from '@vue/test-utils'
import { expect, test } from 'vitest'

import type { Candidate } from '@/api/matching'
import type { Schema } from '@/api/shapes'
import { i18n, speakLocale } from '@/i18n'

import CandidateList from './CandidateList.vue'

const schema = {
  name: 'matches',
  fields: [{ name: 'candidate_kind', label: '', type: 'choice', choices: [{ value: 'experts', label: '专家' }] }],
  states: [{ value: 'chosen', label: '选定', tone: 'info' }],
  moves: [],
  rights: { create: true },
} as unknown as Schema

function aCandidate(given: Partial<Candidate>): Candidate {
  return {
    kind: 'experts',
    id: 'e1',
    label: '齐轮',
    note: '教授',
    score: 0.5,
    parts: [{ part: 'bm25', points: 0.5 }],
    documents: [{ title: '齿形修形', year: 2024, share: 0.6 }],
    reasons: [{ text: '行星减速器', field: 'keywords', source: 'experts/e1', spans: [{ begin: 2, to: 5 }] }],
    terms: ['减速器'],
    fields: [],
    keywords: [],
    recency: { newest_year: 2024, factor: 1 },
    match: null,
    ...given,
  }
}

async function aList(...candidates: Candidate[]) {
  await speakLocale('zh-CN')
  return mount(CandidateList, {
    props: { candidates, matches: [], matchSchema: schema },
    global: { plugins: [i18n, VueQueryPlugin], stubs: { RouterLink: RouterLinkStub } },
    attachTo: document.body,
  })
}

test('j and k walk the candidates, Enter opens the one that has the focus', async () => {
  const list = await aList(aCandidate({ id: 'e1' }), aCandidate({ id: 'e2' }))
  const cards = list.findAll('[data-test=match-candidate]')
  await cards[0]?.trigger('keydown', { key: 'j' })
  expect(document.activeElement?.getAttribute('data-id')).toBe('e2')
  await cards[1]?.trigger('keydown', { key: 'Enter' })
  expect(cards[1]?.find('[data-test=match-document]').text()).toContain('齿形修形')
  expect(cards[0]?.find('[data-test=match-document]').exists()).toBe(false)
  await cards[1]?.trigger('keydown', { key: 'k' })
  expect(document.activeElement?.getAttribute('data-id')).toBe('e1')
  list.unmount()
})

test('a candidate that was judged says its state and is not offered again', async () => {
  const list = await aList(aCandidate({ match: { id: 'm1', state: 'chosen' } }), aCandidate({ id: 'e2' }))
  const [judged, free] = list.findAll('[data-test=match-candidate]')
  expect(judged?.find('[data-test=match-state]').text()).toBe('选定')
  expect(judged?.find('[data-test=match-choose]').exists()).toBe(false)
  expect(free?.find('[data-test=match-choose]').exists()).toBe(true)
  list.unmount()
})

test('what no match can be made of is shown to be read only', async () => {
  const list = await aList(aCandidate({ kind: 'needs' }))
  expect(list.find('[data-test=match-choose]').exists()).toBe(false)
  list.unmount()
})
