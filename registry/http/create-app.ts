import express, { type Express } from 'express';
import type { Endpoint } from './framework/endpoint.ts';
import { createLoginThrottle } from './auth/login-throttle.ts';
import { answerProblem, answerUnknownRoute } from './middleware/answer-problem.ts';
import { refuseMethod } from './middleware/refuse-method.ts';
import { nameRequest } from './middleware/request-id.ts';
import { refuseForeign } from './middleware/same-origin.ts';
import { setSecurityHeaders } from './middleware/security-headers.ts';
import { openSessions, sessionCookieName } from './middleware/session.ts';
import { mountEndpoint, toRoute } from './framework/mount-endpoint.ts';
import { describeApi } from './docs/openapi.ts';
import type { Parts } from './app-deps.ts';
import { agentEndpoints } from './routes/agents.ts';
import { aliveEndpoints } from './routes/health-endpoints.ts';
import { auditEndpoints } from './routes/audit.ts';
import { connectEndpoints } from './routes/connect.ts';
import { docsEndpoints } from './routes/docs.ts';
import { generationEndpoints } from './routes/generations.ts';
import { healthEndpoints } from './routes/health.ts';
import { serverEndpoints } from './routes/servers.ts';
import { sessionEndpoints } from './routes/session.ts';
import { settingEndpoints } from './routes/settings.ts';
import { shortFormEndpoints } from './routes/legacy-routes.ts';
import { statsEndpoints } from './routes/stats.ts';
import { toolEndpoints } from './routes/tools.ts';
import { userEndpoints } from './routes/users.ts';
import { serveUi } from './serve-ui.ts';

// The edge to HTTP. routes/ describe the endpoints, one file a resource; mount-endpoint makes routes of the descriptions, openapi the document;
// middleware/ is what every request passes. Status codes stand in problem.ts and in the routes, nowhere else.

/** Every endpoint of these parts; the OpenAPI document is the last to know them. */
export function listEndpoints(parts: Parts): Endpoint[] {
  const { servers, health, publishing, tools, settings, stats } = parts;
  // One for both places where a password is asked for: whoever guesses at one has used up the other.
  const throttle = createLoginThrottle();
  const endpoints = [
    ...sessionEndpoints(parts, throttle),
    ...(servers === undefined ? [] : [...serverEndpoints(parts, servers), ...connectEndpoints(servers)]),
    ...(health === undefined ? [] : healthEndpoints(health)),
    ...(tools === undefined || servers === undefined ? [] : toolEndpoints(tools, servers)),
    ...(publishing === undefined ? [] : generationEndpoints(publishing)),
    ...agentEndpoints(parts),
    ...userEndpoints(parts, throttle),
    ...auditEndpoints(parts),
    ...(stats === undefined ? [] : statsEndpoints(stats)),
    ...(settings === undefined ? [] : settingEndpoints(settings)),
    ...(servers === undefined ? [] : shortFormEndpoints(parts, servers)),
    ...aliveEndpoints(parts),
  ];
  const docs = docsEndpoints(() =>
    describeApi([...endpoints, ...docs], { version: parts.version, cookie: sessionCookieName(parts.secretKey) }),
  );
  return [...endpoints, ...docs];
}

function mountEndpoints(app: Express, parts: Parts): void {
  const sessions = openSessions(parts);
  const endpoints = listEndpoints(parts);
  for (const endpoint of endpoints) mountEndpoint(app, endpoint, parts, sessions);
  for (const [route, alike] of Map.groupBy(endpoints, toRoute))
    app.all(route, refuseMethod(alike.map(({ method }) => method.toUpperCase())));
}

/** The registry's HTTP application: REST API, documentation, UI. Nothing of it is asked by agents' traffic (DESIGN §2). */
export function createApp(parts: Parts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', 'loopback');
  app.use(nameRequest);
  app.use(setSecurityHeaders());
  app.use(refuseForeign(parts.gatewayUrl));
  mountEndpoints(app, parts);
  serveUi(app, parts.uiDir);
  app.use(answerUnknownRoute);
  app.use(answerProblem(parts.log));
  return app;
}
