import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect as connectSecurely } from 'node:tls';
import { type ReceiverEvent, type ReceiverOptions, startReceiver } from '#lib/dimse/receiver.ts';
import { peerOf, requestAssociation } from '#lib/dimse/request-association.ts';
import type { Identity } from '#lib/received/identity.ts';

const ECHO = [{ abstractSyntax: '1.2.840.10008.1.1', transferSyntaxes: ['1.2.840.10008.1.2'] }];
const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-dimse-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A key and a certificate that it signs itself, for this machine. */
function identity(name: string): Required<Pick<Identity, 'certificate' | 'key'>> & { file: string } {
  const [file, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', keyFile, '-out', file, ...subject], { stdio: 'ignore' });
  return { certificate: readFileSync(file, 'utf8'), key: readFileSync(keyFile, 'utf8'), file };
}

/** Certificates are made by a program that nearly every system has; where it is not, this says so. */
const skip =
  spawnSync('openssl', ['version']).status === 0 ? false : 'NOT TESTED: no openssl to make certificates with';
if (skip) console.error(skip);
const NONE = { certificate: '', key: '', file: '' };
const [server, client] = skip ? [NONE, NONE] : [identity('server'), identity('client')];
const environment = {
  RTPIPELINE_DIMSE_CA_FILE: server.file,
  RTPIPELINE_DIMSE_CERT_FILE: client.file,
  RTPIPELINE_DIMSE_KEY_FILE: join(folder, 'client-key.pem'),
};

async function listening(of: Identity | undefined, use: (port: number, events: ReceiverEvent[]) => Promise<void>) {
  const events: ReceiverEvent[] = [];
  const options: ReceiverOptions = {
    ...{ title: 'RTPIPE', host: '127.0.0.1', port: 0, callers: [], mostAssociations: 3, idleSeconds: 5 },
    identity: of,
    keep: async () => {},
    onEvent: (event) => void events.push(event),
  };
  const receiver = await startReceiver(options);
  try {
    await use(receiver.port, events);
  } finally {
    await receiver.close();
  }
}

const echo = async (location: string, variables: NodeJS.ProcessEnv) => {
  const { association } = await requestAssociation(peerOf(location, 'SENDER', variables), ECHO);
  await association.release();
};

test('an association uses TLS when both sides trust the certificate of the other', { skip }, async () => {
  await listening({ ...server, authority: client.certificate }, async (port, events) => {
    await echo(`dimse-tls:RTPIPE@127.0.0.1:${port}`, environment);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['opened', 'released'],
    );
  });
});

test('an untrusted certificate ends the connection before any data, with one line', {
  skip,
}, async () => {
  await listening({ ...server, authority: client.certificate }, async (port) => {
    const location = `dimse-tls:RTPIPE@127.0.0.1:${port}`;
    await assert.rejects(
      echo(location, {}),
      /no trusted connection to the archive: DEPTH_ZERO_SELF_SIGNED_CERT; name the authority/,
    );
    const { RTPIPELINE_DIMSE_CA_FILE } = environment;
    await assert.rejects(echo(location, { RTPIPELINE_DIMSE_CA_FILE }), /ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED/);
  });
});

test('plain DICOM to a TLS port and TLS to a plain port are refused, and both sides are told', { skip }, async () => {
  await listening(server, async (port, events) => {
    await assert.rejects(echo(`dimse:RTPIPE@127.0.0.1:${port}`, {}), /no association with the archive/);
    assert.match(JSON.stringify(events), /a connection is refused: ERR_SSL/);
  });
  await listening(undefined, async (port, events) => {
    await assert.rejects(echo(`dimse-tls:RTPIPE@127.0.0.1:${port}`, environment), /no trusted connection/);
    assert.match(JSON.stringify(events), /the other side speaks TLS here, and we do not/);
  });
});

test('TLS 1.1 is refused', { skip }, async () => {
  await listening(server, async (port) => {
    const old = connectSecurely({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.1' as never,
      minVersion: 'TLSv1' as never,
      ciphers: 'DEFAULT:@SECLEVEL=0',
    });
    const error = await new Promise<Error | undefined>((done) => {
      old.once('error', done).once('secureConnect', () => done(undefined));
    });
    assert.match(String(error), /alert protocol version|unsupported protocol/);
  });
});

for (const [name, of] of [
  ['plain', undefined],
  ['encrypted', server],
] as const)
  test(`a port check of the ${name} port logs nothing`, { skip }, async () => {
    await listening(of, async (port, events) => {
      const look = connect({ host: '127.0.0.1', port });
      await new Promise((done) => look.once('connect', done));
      await new Promise((done) => look.end().once('close', done));
      await echo(of ? `dimse-tls:RTPIPE@127.0.0.1:${port}` : `dimse:RTPIPE@127.0.0.1:${port}`, environment);
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['opened', 'released'],
      );
    });
  });

test('TLS without our own certificate is refused before the port opens', { skip }, async () => {
  await assert.rejects(
    listening({}, async () => {}),
    /TLS needs a certificate: set RTPIPELINE_DIMSE_CERT_FILE/,
  );
});
