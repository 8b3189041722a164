import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { identityOf } from '#lib/received/identity.ts';
import { fileStore } from '#lib/store/file.ts';
import { fetchArchive } from '../../cli/fetch/fetch.ts';
import { archivedFiles } from '../fixtures/archived-files.ts';
import { startDicomweb } from '../fixtures/dicomweb-server.ts';
import { freePort } from '../fixtures/free-port.ts';
import { startOrthanc } from './orthanc.ts';
import { called, programsMissing } from './programs.ts';
import { assertSameDataSets, dataSetOf, dataSetsIn, intoFolder, received, TITLE } from './received.ts';

/** Encrypted connections with a real archive and a real sender. */
const missing = programsMissing();
const options = { skip: missing ?? false, timeout: 300_000 };
const root = mkdtempSync(join(tmpdir(), 'rtpipeline-pacs-tls-'));
after(() => rmSync(root, { recursive: true, force: true }));
const silent = { say: () => {}, signal: new AbortController().signal };
const pem = (name: string) => join(root, `${name}.pem`);
const read = (name: string) => readFileSync(pem(name), 'utf8');

/** Certificates that sign themselves, for this machine: each side trusts that of the other. */
before(async () => {
  if (missing) return;
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  for (const name of ['theirs', 'ours', 'strange']) {
    const files = ['-keyout', pem(`${name}-key`), '-out', pem(name)];
    const { exitCode, output } = await called('openssl', ...make, ...files, ...subject);
    assert.equal(exitCode, 0, output);
  }
});

const DIMSE = () => ({
  RTPIPELINE_DIMSE_CERT_FILE: pem('ours'),
  RTPIPELINE_DIMSE_KEY_FILE: pem('ours-key'),
  RTPIPELINE_DIMSE_CA_FILE: pem('theirs'),
});

/** While `use` runs the environment has these variables. */
async function within<T>(variables: Record<string, string>, use: () => Promise<T>): Promise<T> {
  Object.assign(process.env, variables);
  try {
    return await use();
  } finally {
    for (const name of Object.keys(variables)) delete process.env[name];
  }
}

test(
  'DICOMweb with a private certificate is refused in one line, trusted by its authority, and checks ours',
  options,
  async () => {
    const identity = { key: read('theirs-key'), cert: read('theirs') };
    const server = await startDicomweb(archivedFiles('TLS', 1, 3), {
      ...identity,
      ca: read('ours'),
      requestCert: true,
    });
    const fetched = (variables: Record<string, string>) => {
      const request = { queries: ['PatientID=TLS'], store: fileStore(join(root, 'tls')), ...silent };
      return within(variables, () => fetchArchive({ ...request, location: `dicomweb:${server.place.url.href}` }));
    };
    await assert.rejects(fetched({}), /no trusted connection to the DICOMweb service: DEPTH_ZERO_SELF_SIGNED_CERT/);
    const authority = { RTPIPELINE_DICOMWEB_CA_FILE: pem('theirs') };
    await assert.rejects(fetched(authority), /DICOMweb service/);
    const ours = { RTPIPELINE_DICOMWEB_CERT_FILE: pem('ours'), RTPIPELINE_DICOMWEB_KEY_FILE: pem('ours-key') };
    assert.equal((await fetched({ ...authority, ...ours })).received, 3);
    await server.close();
  },
);

test(
  'Orthanc by DIMSE over TLS: C-GET and C-MOVE fetch every data set, and strangers are refused',
  options,
  async () => {
    const movePort = await freePort();
    const tls = { certificate: pem('theirs'), key: pem('theirs-key'), authority: pem('ours') };
    const orthanc = await startOrthanc({ title: TITLE, port: movePort }, tls);
    try {
      const files = archivedFiles('TLS', 2, 3);
      await orthanc.add(files);
      const location = `dimse-tls:${orthanc.title}@127.0.0.1:${orthanc.dicomPort}`;
      const fetched = async (name: string, variables: Record<string, string>, dimse = {}) => {
        const request = { location, dimse, queries: ['PatientID=TLS'], store: fileStore(join(root, name)), ...silent };
        return within(variables, () => fetchArchive(request));
      };
      for (const [name, dimse] of [
        ['C-GET', {}],
        ['C-MOVE', { movePort }],
      ] as const) {
        assert.equal((await fetched(name, DIMSE(), dimse)).received, files.length, name);
        assertSameDataSets(await dataSetsIn(join(root, name)), new Map(files.map(dataSetOf)));
      }
      await assert.rejects(
        fetched('untrusted', {}),
        /no trusted connection to the archive: DEPTH_ZERO_SELF_SIGNED_CERT/,
      );
      const strange = { RTPIPELINE_DIMSE_CERT_FILE: pem('strange'), RTPIPELINE_DIMSE_KEY_FILE: pem('strange-key') };
      await assert.rejects(fetched('strange', { ...DIMSE(), ...strange }), /no (trusted connection|association)/);
    } finally {
      await orthanc.close();
    }
  },
);

test(
  'DCMTK sends over TLS by its BCP 195 profiles; without TLS or with an unknown certificate nothing arrives',
  options,
  async () => {
    const files = archivedFiles('TLS', 1, 4);
    const paths = files.map((_, i) => join(root, `${i}.dcm`));
    for (const [i, path] of paths.entries()) writeFileSync(path, files[i]);
    const out = join(root, 'received');
    const identity = identityOf(
      {
        RTPIPELINE_DIMSE_CERT_FILE: pem('theirs'),
        RTPIPELINE_DIMSE_KEY_FILE: pem('theirs-key'),
        RTPIPELINE_DIMSE_CA_FILE: pem('ours'),
      },
      {
        certificate: 'RTPIPELINE_DIMSE_CERT_FILE',
        key: 'RTPIPELINE_DIMSE_KEY_FILE',
        authority: 'RTPIPELINE_DIMSE_CA_FILE',
      },
    );
    const by = (name: string) => ['+tls', pem(`${name}-key`), pem(name), '+cf', pem('theirs')];
    const came = await received(
      intoFolder(out),
      async (port) => {
        const to = ['-aec', TITLE, '127.0.0.1', String(port)];
        assert.equal((await called('echoscu', ...by('ours'), ...to)).exitCode, 0);
        for (const [i, profile] of ['+py', '+px', '+pz'].entries()) {
          const { exitCode, output } = await called('storescu', ...by('ours'), profile, ...to, paths[i]);
          assert.equal(exitCode, 0, `${profile}: ${output}`);
        }
        assert.notEqual((await called('storescu', ...by('strange'), ...to, paths[3])).exitCode, 0);
        assert.notEqual((await called('storescu', ...to, paths[3])).exitCode, 0);
        assert.notEqual((await called('storescu', '+tla', '+cf', pem('theirs'), ...to, paths[3])).exitCode, 0);
      },
      identity,
    );
    assert.deepEqual(came, { new: 3, same: 0, other: 0, notStored: 0, broken: 0 });
    assertSameDataSets(await dataSetsIn(out), new Map(files.slice(0, 3).map(dataSetOf)));
  },
);
