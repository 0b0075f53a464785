/** Pictures of attached files: an image as it is, a PDF page by page as the server draws it. */
import { answerTo } from '@/api/client'
import type { Attachment } from '@/api/shapes'

const IMAGES = new Set(['image/png', 'image/jpeg', 'image/webp'])
const PDF = 'application/pdf'

export const isPreviewable = (file: Attachment): boolean => IMAGES.has(file.media_type) || file.media_type === PDF

export interface Picture {
  url: string
  pages: number
}

/** The address is of this page alone and is given back with URL.revokeObjectURL. Throws Problem. */
export async function picture(register: string, record: string, file: Attachment, page: number): Promise<Picture> {
  const path = `/${register}/${record}/attachments/${file.id}`
  const answer = await answerTo(file.media_type === PDF ? `${path}/pages/${page}` : path)
  const pages = Number(answer.headers.get('X-Pages') ?? 1)
  const type = file.media_type === PDF ? 'image/png' : file.media_type
  return { url: URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type })), pages }
}
