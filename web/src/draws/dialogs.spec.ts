/** What leaves the browser when somebody commits and reveals, and what must not. */
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'

import { i18n, speakLocale } from '@/i18n'

import CommitDialog from './CommitDialog.vue'
import RevealDialog from './RevealDialog.vue'
import { commitmentOf, newSecret, rememberedSecret, rememberSecret } from './secret'

beforeEach(async () => {
  sessionStorage.clear()
  await speakLocale('zh-CN')
})

function aCommitment(commit: (hash: string) => Promise<void>) {
  return mount(CommitDialog, {
    props: { draw: 'd1', title: '抽取', party: 'operator', account: 'a1', commit },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
}

function aReveal(promised: string, reveal: (secret: string) => Promise<void>) {
  return mount(RevealDialog, {
    props: { draw: 'd1', party: 'operator', account: 'a1', promised, reveal },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
}

test('nothing is promised before the number is kept, and then the hash alone leaves', async () => {
  const commit = vi.fn<(hash: string) => Promise<void>>().mockResolvedValue()
  const dialog = aCommitment(commit)
  const button = dialog.find('[data-test=draw-commit-submit]')
  expect(button.attributes('disabled')).toBeDefined()
  expect(dialog.find('[data-test=draw-secret-kept]').attributes('disabled')).toBeDefined()
  await dialog.find('form').trigger('submit')
  expect(commit).not.toHaveBeenCalled()
  expect(dialog.find('[role=alert]').text()).toContain('请先下载或复制')
  await dialog.find('[data-test=draw-secret]').trigger('copy')
  await dialog.find('[data-test=draw-secret-kept]').setValue(true)
  await dialog.find('form').trigger('submit')
  await flushPromises()
  const secret = dialog.find<HTMLInputElement>('[data-test=draw-secret]').element.value
  expect(commit.mock.calls).toEqual([[commitmentOf('d1', 'operator', secret)]])
  expect(rememberedSecret('d1', 'a1')).toBe(secret)
  expect(Object.values({ ...localStorage })).not.toContain(secret)
  expect(dialog.emitted('close')).toHaveLength(1)
  dialog.unmount()
})

test('a promise the server did not hear of is made again with the same number', async () => {
  const first = aCommitment(() => Promise.reject(new Error('断网')))
  await first.find('[data-test=draw-secret]').trigger('copy')
  await first.find('[data-test=draw-secret-kept]').setValue(true)
  await first.find('form').trigger('submit')
  await flushPromises()
  expect(first.find('[role=alert]').text()).toBe('断网')
  const secret = first.find<HTMLInputElement>('[data-test=draw-secret]').element.value
  first.unmount()
  const again = aCommitment(() => Promise.resolve())
  expect(again.find<HTMLInputElement>('[data-test=draw-secret]').element.value).toBe(secret)
  again.unmount()
})

test('the remembered number is offered, sent, and then forgotten', async () => {
  const secret = newSecret()
  rememberSecret('d1', 'a1', secret)
  const reveal = vi.fn<(secret: string) => Promise<void>>().mockResolvedValue()
  const dialog = aReveal(commitmentOf('d1', 'operator', secret), reveal)
  await dialog.find('form').trigger('submit')
  await flushPromises()
  expect(reveal.mock.calls).toEqual([[secret]])
  expect(rememberedSecret('d1', 'a1')).toBeNull()
  dialog.unmount()
})

test('a number that was not promised never leaves the browser', async () => {
  const reveal = vi.fn<(secret: string) => Promise<void>>().mockResolvedValue()
  const dialog = aReveal(commitmentOf('d1', 'operator', newSecret()), reveal)
  await dialog.find('textarea').setValue('12ab')
  await dialog.find('form').trigger('submit')
  expect(dialog.find('[role=alert]').text()).toContain('64 位')
  await dialog.find('textarea').setValue(newSecret())
  await dialog.find('form').trigger('submit')
  await flushPromises()
  expect(dialog.find('[role=alert]').text()).toContain('不符')
  expect(reveal).not.toHaveBeenCalled()
  dialog.unmount()
})
