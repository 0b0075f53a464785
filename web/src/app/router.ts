/** All addresses of the page; a screen's code is fetched when it is first visited. */
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

import { ensureMe } from '@/session/me'

import { titleKey } from './title'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    public?: boolean
  }
}

const inside: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('@/home/HomePage.vue'), meta: { title: 'home.title' } },
  { path: 'r/:register', name: 'list', component: () => import('@/records/ListPage.vue') },
  { path: 'r/:register/new', name: 'new', component: () => import('@/records/FormPage.vue') },
  { path: 'r/:register/import', name: 'import', component: () => import('@/imports/ImportPage.vue') },
  { path: 'r/:register/duplicates', name: 'duplicates', component: () => import('@/merging/DuplicatesPage.vue') },
  { path: 'r/:register/merge', name: 'merge', component: () => import('@/merging/MergePage.vue') },
  { path: 'r/:register/:id', name: 'record', component: () => import('@/records/DetailPage.vue') },
  { path: 'r/:register/:id/edit', name: 'edit', component: () => import('@/records/FormPage.vue') },
  { path: 'r/:register/:id/matches', name: 'matches', component: () => import('@/matching/MatchPage.vue') },
  {
    path: 'dashboard',
    name: 'dashboard',
    component: () => import('@/dashboard/DashboardPage.vue'),
    meta: { title: 'dashboard.title' },
  },
  {
    path: 'calendar',
    name: 'calendar',
    component: () => import('@/calendar/CalendarPage.vue'),
    meta: { title: 'calendar.title' },
  },
  {
    path: 'matching/queue',
    name: 'queue',
    component: () => import('@/queue/QueuePage.vue'),
    meta: { title: 'queue.title' },
  },
  {
    path: 'matching/batches/:id',
    name: 'batch',
    component: () => import('@/batches/BatchPage.vue'),
    meta: { title: 'batch.result' },
  },
  {
    path: 'matching/rules',
    name: 'rules',
    component: () => import('@/rules/EffectiveRulesPage.vue'),
    meta: { title: 'rules.title' },
  },
  {
    path: 'matching/evaluation',
    name: 'evaluation',
    component: () => import('@/evaluation/EvaluationPage.vue'),
    meta: { title: 'evaluation.title' },
  },
  { path: 'acts', name: 'acts', component: () => import('@/acts/ActsPage.vue'), meta: { title: 'act.title' } },
  { path: 'undo', name: 'undo', component: () => import('@/undo/UndoPage.vue'), meta: { title: 'undo.title' } },
  { path: 'audit', name: 'audit', component: () => import('@/admin/AuditPage.vue'), meta: { title: 'audit.title' } },
  {
    path: 'admin/accounts',
    name: 'accounts',
    component: () => import('@/admin/AccountsPage.vue'),
    meta: { title: 'accounts.title' },
  },
  {
    path: 'admin/organisations',
    name: 'organisations',
    component: () => import('@/admin/OrganisationsPage.vue'),
    meta: { title: 'organisations.title' },
  },
  {
    path: 'notifications',
    name: 'notifications',
    component: () => import('@/notices/NotificationsPage.vue'),
    meta: { title: 'notice.title' },
  },
  { path: 'me', name: 'me', component: () => import('@/account/MePage.vue'), meta: { title: 'me.title' } },
  {
    path: ':rest(.*)*',
    name: 'lost',
    component: () => import('./NotFound.vue'),
    meta: { title: 'lost.title' },
  },
]

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    {
      path: '/login',
      name: 'login',
      component: () => import('@/account/LoginPage.vue'),
      meta: { title: 'login.title', public: true },
    },
    {
      path: '/secure',
      name: 'secure',
      component: () => import('@/account/SecurePage.vue'),
      meta: { title: 'secure.title' },
    },
    {
      path: '/setup',
      name: 'setup',
      component: () => import('@/account/SetupPage.vue'),
      meta: { title: 'setup.title', public: true },
    },
    {
      path: '/public/draws',
      name: 'public-draws',
      component: () => import('@/draws/PublicDrawsPage.vue'),
      meta: { title: 'draw.public', public: true },
    },
    {
      path: '/public/draws/:id',
      name: 'public-draw',
      component: () => import('@/draws/PublicDrawPage.vue'),
      meta: { title: 'draw.public', public: true },
    },
    {
      path: '/invite/:token',
      name: 'invite',
      component: () => import('@/invitations/InvitePage.vue'),
      meta: { title: 'invite.title', public: true },
    },
    { path: '/', component: () => import('./AppShell.vue'), children: inside },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.public) return true
  const me = await ensureMe()
  if (me && me.duties.length > 0 && to.name !== 'secure') return { name: 'secure', query: { next: to.fullPath } }
  if (me) return true
  return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})

router.afterEach((to) => titleKey(to.meta.title ?? ''))
