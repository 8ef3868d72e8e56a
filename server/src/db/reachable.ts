import { Client } from 'pg';

/** The Postgres of DATABASE_URL does not let us in. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
  readonly code = 'database-unreachable';
  readonly retryable = true;
}

const TIMEOUT_MS = 10_000;

/** Connects once. @throws DatabaseUnreachableError that says where it tried, without the password. */
export async function requireReachable(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const { host, port, database, user } = client;
    throw new DatabaseUnreachableError(
      `The database "${database}" at ${host}:${port} (user "${user}") cannot be reached: ${describe(error)}. ` +
        'Check DATABASE_URL and that this Postgres runs, or leave DATABASE_URL away for the embedded one.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Several addresses of one name fail together, as an error without a message of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}
