import Activity from '@lucide/svelte/icons/activity';
import Bot from '@lucide/svelte/icons/bot';
import History from '@lucide/svelte/icons/history';
import Gauge from '@lucide/svelte/icons/gauge';
import Inbox from '@lucide/svelte/icons/inbox';
import Plug from '@lucide/svelte/icons/plug';
import Server from '@lucide/svelte/icons/server';
import Settings from '@lucide/svelte/icons/settings';
import Wrench from '@lucide/svelte/icons/wrench';

/** The pages in the sidebar, with the second key of their shortcut ("g s"). */
export const NAVIGATION = [
  { page: 'servers', label: 'Servers', to: '/servers', icon: Server, key: 's' },
  { page: 'tools', label: 'Tools', to: '/tools', icon: Wrench, key: 't' },
  { page: 'review', label: 'Needs review', to: '/review', icon: Inbox, key: 'r' },
  { page: 'agents', label: 'Agents', to: '/agents', icon: Bot, key: 'a' },
  { page: 'activity', label: 'Activity', to: '/activity', icon: Activity, key: 'v' },
  { page: 'audit', label: 'Audit', to: '/audit', icon: History, key: 'u' },
  { page: 'connect', label: 'Connect', to: '/connect', icon: Plug, key: 'c' },
  { page: 'gateway', label: 'Gateway', to: '/gateway', icon: Gauge, key: 'w' },
  { page: 'settings', label: 'Settings', to: '/settings', icon: Settings, key: 'e' },
] as const;
