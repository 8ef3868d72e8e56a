import type { DeltaView } from '@netdelta/core/api/scans.ts';
import type {
  HostSide,
  ScannerSide,
  ServiceSide,
  SteadinessSide,
  SubnetSide,
} from '@netdelta/core/delta/delta.ts';
import { describeReason } from '@netdelta/core/evidence/describe-reason.ts';
import type { ReactNode } from 'react';
import { formatCount } from '../format/count.ts';
import {
  readEverythingSide,
  readHostSide,
  readScannerSide,
  readServiceSide,
  readSteadinessSide,
  readSubnetSide,
  readTargetSize,
} from '../format/delta-sides.ts';
import { describeProduct, describeServiceName } from '../format/service.ts';
import classes from './delta-sides.module.css';

interface DeltaSidesProps {
  readonly delta: Pick<DeltaView, 'before' | 'after'>;
  /** What else there is to tell, below both sides. */
  readonly children?: ReactNode;
}

/** Both sides of a delta, each by its own shape. */
export function DeltaSides({ delta: { before, after }, children }: DeltaSidesProps) {
  return (
    <div className={classes.sides}>
      <div>
        <h3>Before</h3>
        <Side side={before} />
      </div>
      <div>
        <h3>After</h3>
        <Side side={after} />
      </div>
      {children && <div className={classes.wide}>{children}</div>}
    </div>
  );
}

function Side({ side }: { side: unknown }): ReactNode {
  const host = readHostSide(side);
  if (host) return <HostWords side={host} />;
  const service = readServiceSide(side);
  if (service) return <ServiceWords side={service} />;
  const steadiness = readSteadinessSide(side);
  if (steadiness) return <p>{describeSteadiness(steadiness)}</p>;
  const subnet = readSubnetSide(side);
  if (subnet) return <SubnetWords side={subnet} />;
  const scanner = readScannerSide(side);
  if (scanner) return <ScannerWords side={scanner} />;
  return <p className={side ? undefined : 'quiet'}>{describeOther(side)}</p>;
}

function describeOther(side: unknown): string {
  const everything = readEverythingSide(side);
  if (everything)
    return `${everything.answersEverything ? 'Answers on every port' : 'Answers on its own ports only'}: ${formatCount(everything.openPorts, 'open port')} known`;
  const size = readTargetSize(side);
  if (size !== null) return formatCount(size, 'address', 'addresses');
  return side ? 'a host name' : 'not there';
}

function describeSteadiness({ flapping, state, changes }: SteadinessSide): string {
  return `${flapping ? 'Flapping' : 'Steady'}: ${formatCount(changes, 'change')} in the last scans, now ${state}`;
}

function SubnetWords({ side: { up, addresses } }: { side: SubnetSide }) {
  return (
    <>
      <p>
        {up ? 'Up' : 'Down'}: {formatCount(addresses.length, 'host')}
      </p>
      <p className="mono wrap">{addresses.join(', ')}</p>
    </>
  );
}

function ScannerWords({ side: { silentHosts, sentinels } }: { side: ScannerSide }) {
  return (
    <>
      <p>{formatCount(silentHosts, 'silent host')}, all of them held as they were</p>
      <p>{sentinels.length > 0 ? 'Sentinels without an answer:' : 'No sentinel to ask'}</p>
      <p className="mono wrap">{sentinels.join(', ')}</p>
    </>
  );
}

function HostWords({ side: { up, reason, names, services } }: { side: HostSide }) {
  return (
    <>
      <p>
        {up ? 'Up' : 'Down'}: {describeReason(reason)}
      </p>
      {names.length > 0 && <p className="wrap">Names: {names.join(', ')}</p>}
      {services.map(({ protocol, port, service }) => (
        <p key={`${protocol}/${port}`} className="wrap">
          <span className="mono">
            {protocol}/{port}
          </span>{' '}
          {describeServiceName(service)} {describeProduct(service)}
        </p>
      ))}
    </>
  );
}

function ServiceWords({ side: { state, reason, service } }: { side: ServiceSide }) {
  const known = [describeServiceName(service), describeProduct(service)].filter(Boolean);
  return (
    <>
      <p>
        {state}: {describeReason(reason)}
      </p>
      {known.length > 0 && <p className="wrap">{known.join(', ')}</p>}
      {service?.cpe?.map((cpe) => (
        <p key={cpe} className="mono wrap">
          {cpe}
        </p>
      ))}
      {service?.fingerprint && <p className="mono wrap">{service.fingerprint}</p>}
    </>
  );
}
