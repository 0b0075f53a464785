/** Normal or large letters: the account's wish, kept on the device too, where the public pages read it. */
import { ref } from 'vue'

const COOKIE = 'park_size'
const A_YEAR = 31_536_000

export const largeLetters = ref(document.cookie.split('; ').includes(`${COOKIE}=large`))

export function showLetters(): void {
  document.documentElement.dataset['size'] = largeLetters.value ? 'large' : 'normal'
}

export function chooseLetters(large: boolean): void {
  largeLetters.value = large
  document.cookie = `${COOKIE}=${large ? 'large' : 'normal'}; path=/; max-age=${A_YEAR}; samesite=lax`
  showLetters()
}

/** Whoever wants large letters finds them on every device. */
export function agreeOnLetters(wished: boolean): void {
  if (wished) chooseLetters(true)
}
