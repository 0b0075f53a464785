/** The window's title: the screen's name, then the product's. */
import { ref, watchEffect } from 'vue'

import { i18n } from '@/i18n'

const screen = ref<string>('')
const key = ref<string>('')

export function titleKey(name: string): void {
  key.value = name
  screen.value = ''
}

/** A screen whose name comes from the server sets it here. */
export function titleText(text: string): void {
  screen.value = text
}

export function followTitle(): void {
  watchEffect(() => {
    const { t } = i18n.global
    const name = screen.value || (key.value && t(key.value))
    document.title = name ? `${name} · ${t('house.product')}` : t('house.product')
  })
}
