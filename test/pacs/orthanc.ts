import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../fixtures/free-port.ts';
import { DICOMWEB_PLUGIN } from './programs.ts';

export interface Orthanc {
  /** Base of its DICOMweb service. */
  dicomweb: string;
  title: string;
  dicomPort: number;
  /** Stores DICOM files. */
  add(files: Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

const START_SECONDS = 60;

/** Files of what the archive shows and of whom it trusts. */
export interface OrthancTls {
  certificate: string;
  key: string;
  authority: string;
}

/**
 * @param modality who may be sent to by C-MOVE: title and port on this machine
 * @param tls DIMSE goes through TLS alone, both ways, and the archive asks for a certificate
 */
export async function startOrthanc(modality: { title: string; port: number }, tls?: OrthancTls): Promise<Orthanc> {
  const folder = mkdtempSync(join(tmpdir(), 'rtpipeline-orthanc-'));
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  const title = 'ORTHANC';
  const configuration = {
    Name: 'test',
    StorageDirectory: join(folder, 'db'),
    IndexDirectory: join(folder, 'db'),
    Plugins: [DICOMWEB_PLUGIN],
    HttpPort: httpPort,
    DicomPort: dicomPort,
    DicomAet: title,
    RemoteAccessAllowed: false,
    AuthenticationEnabled: true,
    RegisteredUsers: { reader: 'open sesame' },
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
    DicomModalities: {
      us: {
        AET: modality.title,
        Host: '127.0.0.1',
        Port: modality.port,
        AllowGet: true,
        AllowMove: true,
        UseDicomTls: tls !== undefined,
      },
    },
    ...(tls && {
      DicomTlsEnabled: true,
      DicomTlsCertificate: tls.certificate,
      DicomTlsPrivateKey: tls.key,
      DicomTlsTrustedCertificates: tls.authority,
      DicomTlsRemoteCertificateRequired: true,
    }),
    DicomAlwaysAllowGet: true,
    DicomAlwaysAllowFind: true,
    DicomAlwaysAllowMove: true,
  };
  writeFileSync(join(folder, 'orthanc.json'), JSON.stringify(configuration));
  const log = openSync(join(folder, 'log'), 'w');
  const child = spawn('/usr/sbin/Orthanc', [join(folder, 'orthanc.json')], { stdio: ['ignore', log, log] });
  const headers = { Authorization: `Basic ${Buffer.from('reader:open sesame').toString('base64')}` };
  await answers(`http://127.0.0.1:${httpPort}/system`, headers, child);
  return {
    dicomweb: `dicomweb:http://127.0.0.1:${httpPort}/dicom-web`,
    title,
    dicomPort,
    async add(files) {
      for (const body of files) {
        const answer = await fetch(`http://127.0.0.1:${httpPort}/instances`, {
          method: 'POST',
          headers,
          body: Buffer.from(body),
        });
        if (!answer.ok) throw new Error(`Orthanc answers ${answer.status}: ${await answer.text()}`);
      }
    },
    async close() {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string, headers: Record<string, string>, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + START_SECONDS * 1000; Date.now() < end; await pause(100)) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with ${child.exitCode}`);
    const answer = await fetch(url, { headers }).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`Orthanc gave no answer within ${START_SECONDS} s`);
}
