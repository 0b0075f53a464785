/** The texts of one language, an area a file. */
import { gathered } from './gathered'

export default gathered(import.meta.glob('./zh-TW/*.json', { eager: true, import: 'default' }))
