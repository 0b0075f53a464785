/** Starts the page. */
import './styles/tokens.css'
import './styles/base.css'
import './styles/pieces.css'
import './styles/print.css'

import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'

import App from './app/App.vue'
import { queryClient } from './app/queries'
import { showLetters } from './app/letters'
import { router } from './app/router'
import { showTheme } from './app/theme'
import { followTitle } from './app/title'
import { i18n, speakLocale } from './i18n'
import { firstLocale } from './i18n/device'

// a new version was put in place under an open page: its old chunks are gone
// (without a network a reload would bring nothing new)
window.addEventListener('vite:preloadError', () => navigator.onLine && location.reload())

showTheme()
showLetters()
await speakLocale(firstLocale())
followTitle()
createApp(App).use(i18n).use(VueQueryPlugin, { queryClient }).use(router).mount('#app')
