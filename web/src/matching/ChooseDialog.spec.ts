/** Nobody is turned down without one of the reasons the ranking is measured against. */
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'

import { matching, type Candidate } from '@/api/matching'
import { records } from '@/api/registers'
import type { Schema } from '@/api/shapes'
import { i18n, speakLocale } from '@/i18n'

import ChooseDialog from './ChooseDialog.vue'

const schema = {
  name: 'matches',
  moves: [
    {
      name: 'reject',
      form: [{ name: 'code', label: '原因', type: 'choice', choices: [{ value: 'level', label: '水平不合适' }] }],
    },
  ],
} as unknown as Schema
const candidate = { kind: 'experts', id: 'e1', label: '齐轮' } as unknown as Candidate

beforeEach(async () => {
  await speakLocale('zh-CN')
})

test('a rejection asks for one of the reasons and sends its code', async () => {
  const propose = vi.spyOn(matching, 'propose').mockResolvedValue({ id: 'm1', moves: ['reject'] } as never)
  const move = vi.spyOn(records, 'move').mockResolvedValue({} as never)
  const dialog = mount(ChooseDialog, {
    props: { register: 'needs', subject: 'n1', candidate, reject: true, matchSchema: schema },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
  await dialog.find('[data-test=match-note]').setValue('自己的话')
  await dialog.find('form').trigger('submit')
  expect(propose).not.toHaveBeenCalled()
  expect(dialog.find('[data-test=match-code-error]').text()).toBe('请先选择一个原因')
  await dialog.find('[data-test=match-reason-level]').trigger('click')
  expect(dialog.find('[data-test=match-code-error]').exists()).toBe(false)
  await dialog.find('form').trigger('submit')
  await flushPromises()
  expect(move).toHaveBeenCalledWith('matches', expect.anything(), 'reject', { reason: '自己的话', code: 'level' })
  dialog.unmount()
})
