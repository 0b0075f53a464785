/** For unit tests: every text is there from the start. */
import { addRest, speakLocale } from './index'

await speakLocale('zh-CN')
await addRest('zh-CN')
localStorage.clear()
