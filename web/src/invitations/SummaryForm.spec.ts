/** The chair reads what was said without names, and sends one conclusion with one opinion. */
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import type { ToSumUp } from '@/api/invitations'
import { i18n, speakLocale } from '@/i18n'

import AnswerBar from './AnswerBar.vue'
import SummaryForm from './SummaryForm.vue'

const ASKED: ToSumUp = {
  heard: [
    { total: '84.00', opinion: 'approve', comment: '论证充分' },
    { total: '54.00', opinion: 'reject', comment: null },
  ],
  conclusion: null,
  summary: null,
  summarised_at: null,
}

async function shown(asked: ToSumUp) {
  await speakLocale('zh-CN')
  return mount(SummaryForm, { props: { asked, busy: false }, global: { plugins: [i18n] } })
}

test('what was said is read, and nothing leaves before there is a conclusion and an opinion', async () => {
  const form = await shown(ASKED)
  expect(form.findAll('li').map((one) => one.text().replace(/\s+/g, ' '))).toEqual([
    '同意 · 总分 84.00 论证充分',
    '不同意 · 总分 54.00',
  ])
  await form.trigger('submit')
  expect(form.find('[role=alert]').text()).toContain('至少 10 个字')
  expect(form.emitted('summarise')).toBeUndefined()
  await form.find('[data-test=chair-conclusion]').setValue('approve')
  await form.find('[data-test=chair-opinion]').setValue('  同意立项，预算按意见核减。  ')
  await form.trigger('submit')
  expect(form.emitted('summarise')).toEqual([[{ conclusion: 'approve', summary: '同意立项，预算按意见核减。' }]])
})

test('what was handed in is shown to be changed', async () => {
  const form = await shown({
    ...ASKED,
    conclusion: 'approve',
    summary: '同意立项，预算按意见核减。',
    summarised_at: '2026-11-27T08:00:00Z',
  })
  expect(form.find('[data-test=chair-summed]').text()).toContain('公布之前可以修改')
  expect((form.find('[data-test=chair-opinion]').element as HTMLTextAreaElement).value).toContain('同意立项')
})

test('an answer that was somebody else’s is contested with a reason', async () => {
  await speakLocale('zh-CN')
  const bar = mount(AnswerBar, { props: { may: ['contest'], busy: false }, global: { plugins: [i18n] } })
  await bar.find('[data-test=invite-contest]').trigger('click')
  await bar.find('[data-test=invite-reason]').setValue('本人没有答复过')
  await bar.find('form').trigger('submit')
  expect(bar.emitted('answer')).toEqual([['contest', { reason: '本人没有答复过' }]])
})
