/** Light or dark: the system's wish until the reader chooses. */
import { ref } from 'vue'

export type Theme = 'light' | 'dark'
const STORED = 'park.theme'

function firstTheme(): Theme {
  const stored = localStorage.getItem(STORED)
  if (stored === 'light' || stored === 'dark') return stored
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export const theme = ref<Theme>(firstTheme())

export function showTheme(): void {
  document.documentElement.dataset['theme'] = theme.value
  document.documentElement.classList.toggle('dark', theme.value === 'dark')
}

export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  localStorage.setItem(STORED, theme.value)
  showTheme()
}
