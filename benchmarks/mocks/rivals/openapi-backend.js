// A mock as one would write it with openapi-backend on express, from their READMEs: requests are validated
// against the OpenAPI document, the key is compared, and what was sent comes back with an id and times.
//
//   node openapi-backend.js SPEC PORT KEY

'use strict';

const express = require('express');
const { OpenAPIBackend } = require('openapi-backend');

const [definition, port, key] = process.argv.slice(2);
let count = 0;

const api = new OpenAPIBackend({ definition, quick: true });

api.registerSecurityHandler('apiKey', (c) => c.request.headers.authorization === key);

api.register({
  createLead: (c, res) => {
    const now = new Date().toISOString();
    count += 1;
    const doc = { createdAt: now, updatedAt: now, ...c.request.body, id: count };
    return res.json({ doc, message: 'created' });
  },
  validationFail: (c, res) => res.status(400).json({ err: c.validation.errors }),
  unauthorizedHandler: (c, res) => res.status(401).json({ err: 'unauthorized' }),
  notFound: (c, res) => res.status(404).json({ err: 'not found' }),
});

const app = express();
app.disable('etag'); // a digest of every answer, which nobody asked for
app.disable('x-powered-by');
app.use(express.json());
app.use(({ method, path, query, headers, body }, res) =>
  // Express's own request has so many members that copying it costs a tenth of the speed.
  api.handleRequest({ method, path, query, headers, body }, res),
);

api.init().then(() => app.listen(Number(port), '127.0.0.1'));
