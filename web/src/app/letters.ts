/** Normal or large letters: the account's wish, kept on the device too, where the public pages read it. */
import { ref } from 'vue'

import { keep, kept } from './kept'

const COOKIE = 'park_size'

export const largeLetters = ref(kept(COOKIE) === 'large')

export function showLetters(): void {
  document.documentElement.dataset['size'] = largeLetters.value ? 'large' : 'normal'
}

export function chooseLetters(large: boolean): void {
  largeLetters.value = large
  keep(COOKIE, large ? 'large' : 'normal')
  showLetters()
}

/** Whoever wants large letters finds them on every device. */
export function agreeOnLetters(wished: boolean): void {
  if (wished) chooseLetters(true)
}
