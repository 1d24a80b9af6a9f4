import express, { type Express } from 'express';
import type { Endpoint } from './framework/endpoint.ts';
import { createLoginThrottle } from './auth/login-throttle.ts';
import { answerProblem, answerUnknownRoute } from './middleware/answer-problem.ts';
import { rejectMethod } from './middleware/reject-method.ts';
import { assignRequestId } from './middleware/request-id.ts';
import { rejectCrossOrigin } from './middleware/same-origin.ts';
import { setSecurityHeaders } from './middleware/security-headers.ts';
import { sessionCookieName } from './auth/session-cookie.ts';
import { openSessions } from './middleware/session.ts';
import { mountEndpoint, toRoute } from './framework/mount-endpoint.ts';
import { describeApi } from './docs/openapi.ts';
import type { AppDeps } from './app-deps.ts';
import { agentEndpoints } from './routes/access/agents.ts';
import { callGrantEndpoints } from './routes/access/call-grant.ts';
import { explainEndpoints } from './routes/access/explain.ts';
import { groupEndpoints } from './routes/access/groups.ts';
import { keyEndpoints } from './routes/access/keys.ts';
import { killEndpoints } from './routes/access/kill.ts';
import { limitEndpoints } from './routes/access/limits.ts';
import { healthEndpoints } from './routes/system/health-endpoints.ts';
import { auditEndpoints } from './routes/activity/audit.ts';
import { connectEndpoints } from './routes/servers/connect.ts';
import { configEndpoints } from './routes/system/config.ts';
import { executeEndpoints } from './routes/compatibility/execute.ts';
import { registryServerEndpoints } from './routes/compatibility/registry-servers.ts';
import { docsEndpoints } from './routes/system/docs.ts';
import { gatewayEndpoints } from './routes/system/gateway.ts';
import { generationEndpoints } from './routes/system/generations.ts';
import { recordingEndpoints } from './routes/servers/recording.ts';
import { serverHealthEndpoints } from './routes/servers/server-health.ts';
import { serverEndpoints } from './routes/servers/servers.ts';
import { versionEndpoints } from './routes/servers/versions.ts';
import { sessionEndpoints } from './routes/access/session.ts';
import { settingEndpoints } from './routes/system/settings.ts';
import { legacyEndpoints } from './routes/system/legacy-routes.ts';
import { callEndpoints } from './routes/activity/calls.ts';
import { statsEndpoints } from './routes/activity/stats.ts';
import { toolEndpoints } from './routes/tools/tools.ts';
import { userEndpoints } from './routes/access/users.ts';
import { serveUi } from './serve-ui.ts';

// The HTTP layer. routes/ describes the endpoints, one file per resource; mount-endpoint creates routes from the descriptions, openapi the document;
// every request passes middleware/. Status codes are in problem.ts and in the routes, nowhere else.

/** Every endpoint; the OpenAPI document describes them all, itself included. */
export function listEndpoints(deps: AppDeps): Endpoint[] {
  // Shared by both endpoints that take a password, so that attempts at either count together.
  const throttle = createLoginThrottle();
  const endpoints = [
    ...sessionEndpoints(deps, throttle),
    ...serverEndpoints(deps),
    ...versionEndpoints(deps),
    ...connectEndpoints(deps),
    ...serverHealthEndpoints(deps),
    ...recordingEndpoints(deps),
    ...toolEndpoints(deps),
    ...gatewayEndpoints(deps),
    ...generationEndpoints(deps),
    ...agentEndpoints(deps),
    ...keyEndpoints(deps),
    ...groupEndpoints(deps),
    ...explainEndpoints(deps),
    ...killEndpoints(deps),
    ...limitEndpoints(deps),
    ...userEndpoints(deps, throttle),
    ...auditEndpoints(deps),
    ...statsEndpoints(deps),
    ...callEndpoints(deps),
    ...callGrantEndpoints(deps),
    ...settingEndpoints(deps),
    ...configEndpoints(deps),
    ...registryServerEndpoints(deps),
    ...executeEndpoints(deps),
    ...legacyEndpoints(deps),
    ...healthEndpoints(deps),
  ];
  const docs = docsEndpoints(() =>
    describeApi([...endpoints, ...docs], { version: deps.version, cookie: sessionCookieName(deps.secretKey) }),
  );
  return [...endpoints, ...docs];
}

function mountEndpoints(app: Express, deps: AppDeps): void {
  const sessions = openSessions(deps);
  const endpoints = listEndpoints(deps);
  for (const endpoint of endpoints) mountEndpoint(app, endpoint, deps, { sessions, all: endpoints });
  for (const [route, alike] of Map.groupBy(endpoints, toRoute))
    app.all(route, rejectMethod(alike.map(({ method }) => method.toUpperCase())));
}

/** The registry's HTTP application: REST API, documentation, UI. Agents' traffic does not pass through it. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', 'loopback');
  app.use(assignRequestId);
  app.use(setSecurityHeaders());
  app.use(rejectCrossOrigin(deps.gatewayUrl));
  mountEndpoints(app, deps);
  serveUi(app, deps.uiDir);
  app.use(answerUnknownRoute);
  app.use(answerProblem(deps.log));
  return app;
}
