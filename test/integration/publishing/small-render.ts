import type { Render } from '../../../registry/publishing/render/render.ts';

interface SmallFaults {
  /** A line in the block of the server at this path. */
  lineOf?: (path: string) => string;
  /** Lines outside of every block, given the paths that are routed. */
  outside?: (paths: string[]) => string;
  /** More ports to listen on. */
  ports?: () => number[];
}

/**
 * A configuration of the smallest kind that publishing can work with, so that these tests can pass NGINX what the real renderer never writes
 * (a line that fails, a port that is taken).
 */
export function createSmallRender(faults: SmallFaults = {}): Render {
  return (plan, _facts, number) => {
    const { gateway, servers } = plan;
    const blocks = servers.flatMap((server) => {
      const endpoint = server.instances[0]?.mcp;
      if (!endpoint) return [];
      const { scheme, address, port, uri } = endpoint;
      return [
        `    # server ${server.id} ${server.path}`,
        `    location = /${server.path}/mcp {`,
        `      ${faults.lineOf?.(server.path) ?? ''}`,
        `      proxy_pass ${scheme}://${address}:${port}${uri};`,
        '      proxy_buffering off; proxy_read_timeout 1h;',
        '    }',
        '    # end server',
      ];
    });
    return {
      'nginx.conf': [
        'user root;',
        `worker_processes ${gateway.workers};`,
        `pid ${gateway.runDir}/nginx.pid;`,
        `error_log ${gateway.logDir}/error.log info;`,
        `worker_shutdown_timeout ${gateway.drainTimeoutS}s;`,
        'events { worker_connections 256; }',
        'http {',
        '  access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;',
        '  default_type text/plain;',
        `  server { listen unix:${gateway.runDir}/generation.sock; location / { return 200 "${number} $pid"; } }`,
        '  server {',
        ...[gateway.port, ...(faults.ports?.() ?? [])].map((port) => `    listen 127.0.0.1:${port};`),
        `    location = /which { return 200 "${number}"; }`,
        ...blocks,
        faults.outside?.(servers.filter((one) => one.instances.length > 0).map((one) => one.path)) ?? '',
        '    location / { return 404; }',
        '  }',
        '}',
        '',
      ].join('\n'),
    };
  };
}
