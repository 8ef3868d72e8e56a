import type { DeltaView } from '@netdelta/core/api/scans.ts';
import type { HostSide, ServiceSide } from '@netdelta/core/delta/delta.ts';
import { describeRating } from '@netdelta/core/evidence/describe-rating.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Moment } from '../../components/moment.tsx';
import { formatCount } from '../../format/count.ts';
import { readHostSide, readServiceSide, readTargetSize } from '../../format/delta-sides.ts';
import { describeEvidence, describeReason } from '../../format/evidence.ts';
import { describeProduct, describeServiceName } from '../../format/service.ts';
import classes from './scan-page.module.css';

/** Both sides of a delta, and what speaks for it. */
export function DeltaEvidence({ delta }: { delta: DeltaView }) {
  return (
    <div className={classes.sides}>
      <div>
        <h3>Before</h3>
        <Side side={delta.before} />
      </div>
      <div>
        <h3>After</h3>
        <Side side={delta.after} />
      </div>
      <div className={classes.evidence}>
        <h3>Evidence</h3>
        <p>{describeEvidence(delta.evidence)}</p>
        <FirstSilence silence={delta.evidence.silence} />
      </div>
      {delta.rated && (
        <div className={classes.evidence}>
          <h3>Rating</h3>
          <p>{describeRating(delta.rated)}</p>
        </div>
      )}
    </div>
  );
}

function FirstSilence({ silence }: Pick<DeltaView['evidence'], 'silence'>) {
  if (!silence) return null;
  return (
    <p>
      First unanswered{' '}
      <Link to="/scans/$scanId" params={{ scanId: silence.since.scanId }} className="plain-link">
        <Moment at={silence.since.at} absolute />
      </Link>
    </p>
  );
}

function Side({ side }: { side: unknown }): ReactNode {
  const host = readHostSide(side);
  if (host) return <HostWords side={host} />;
  const service = readServiceSide(side);
  if (service) return <ServiceWords side={service} />;
  const size = readTargetSize(side);
  if (size !== null) return <p>{formatCount(size, 'address', 'addresses')}</p>;
  return <p className="quiet">{side ? 'a host name' : 'not there'}</p>;
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
