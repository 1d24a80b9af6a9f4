import Inbox from '@lucide/svelte/icons/inbox';
import Plug from '@lucide/svelte/icons/plug';
import Server from '@lucide/svelte/icons/server';
import Settings from '@lucide/svelte/icons/settings';

/** The pages in the sidebar, with the second key of their shortcut ("g s"). */
export const NAVIGATION = [
  { page: 'servers', label: 'Servers', to: '/servers', icon: Server, key: 's' },
  { page: 'review', label: 'Needs review', to: '/review', icon: Inbox, key: 'r' },
  { page: 'connect', label: 'Connect', to: '/connect', icon: Plug, key: 'c' },
  { page: 'settings', label: 'Settings', to: '/settings', icon: Settings, key: 'e' },
] as const;
