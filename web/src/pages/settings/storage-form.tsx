import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { retentionRule } from '@netdelta/core/api/storage.ts';
import { DEFAULT_RETENTION } from '@netdelta/core/retention/cutoffs.ts';
import { describeExpired } from '@netdelta/core/retention/describe-expired.ts';
import { useQuery } from '@tanstack/react-query';
import { previewQuery, type StorageRule, useSaveStorage } from '../../api/storage.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { Panel } from '../../components/panel.tsx';
import { showDone } from '../../components/toast.ts';

/** As typed: a number field that is empty holds a text. */
interface Typed {
  readonly detailDays: number | string;
  readonly historyMonths: number | string;
}

/** How long details and history are kept. What is shortened is confirmed, and says what goes. */
export function StorageForm({ initial }: { initial: StorageRule }) {
  const save = useSaveStorage();
  const form = useForm<Typed>({
    initialValues: typedOf(initial),
    validate: (values) => schemaResolver(retentionRule, { sync: true })(readTyped(values)),
  });
  const rule = retentionRule.safeParse(readTyped(form.values));
  const shortens = rule.success && isShorter(rule.data, initial);
  const store = async (wanted: StorageRule) => {
    const saved = await save.mutateAsync(wanted).catch((error) => {
      form.setErrors(fieldErrors(error));
      throw error;
    });
    form.setValues(typedOf(saved.rule));
    showDone('How long data is kept has been saved.');
  };
  const submit = form.onSubmit((values) => {
    const wanted = retentionRule.safeParse(readTyped(values));
    if (wanted.success) store(wanted.data).catch(() => undefined);
  });
  return (
    <form onSubmit={submit} noValidate>
      <Panel title="How long data is kept">
        <Stack gap="sm">
          <NumberInput
            label="Details of scans, days"
            description="What each shard saw, what engines printed, the ledger and sent mails: from 7 to 3,650 days. Replay can judge the scans that still have them. The newest whole scan of each group always keeps its own."
            allowDecimal={false}
            clampBehavior="none"
            maw={460}
            {...form.getInputProps('detailDays')}
          />
          <NumberInput
            label="History, months"
            description="Ended states of hosts and services, and deltas: from 1 to 240 months. Empty: for ever. Whatever is chosen, each group keeps that of as many scans as the history window looks back."
            placeholder="for ever"
            allowDecimal={false}
            clampBehavior="none"
            maw={460}
            {...form.getInputProps('historyMonths')}
          />
          <ErrorPanel error={save.error} title="It was not saved" />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => form.setValues(typedOf(DEFAULT_RETENTION))}>
              Fill in the standard
            </Button>
            {shortens ? (
              <ConfirmButton
                label="Save…"
                look={{ variant: 'filled' }}
                question="Keep data for a shorter time?"
                confirm="Save, and let it expire"
                keep="Keep it as it is"
                action={{ ...save, run: () => store(rule.data) }}
              >
                <Preview rule={rule.data} />
              </ConfirmButton>
            ) : (
              <Button type="submit" loading={save.isPending}>
                Save
              </Button>
            )}
          </Group>
        </Stack>
      </Panel>
    </form>
  );
}

/** What a rule would take now, and when. */
function Preview({ rule }: { rule: StorageRule }) {
  const { data, error } = useQuery(previewQuery(rule));
  if (error) return <ErrorPanel error={error} title="What would expire is not known" />;
  if (!data) return 'Counting what would expire …';
  const what = describeExpired(data.expired);
  return what === 'nothing'
    ? 'Nothing expires by this now.'
    : `With the next run ${data.atLeast ? 'at least ' : ''}${what} would expire. It cannot be brought back.`;
}

function isShorter(wanted: StorageRule, now: StorageRule): boolean {
  const months = (rule: StorageRule) => rule.historyMonths ?? Number.POSITIVE_INFINITY;
  return wanted.detailDays < now.detailDays || months(wanted) < months(now);
}

function typedOf({ detailDays, historyMonths }: StorageRule): Typed {
  return { detailDays, historyMonths: historyMonths ?? '' };
}

function readTyped({ detailDays, historyMonths }: Typed) {
  return { detailDays, historyMonths: historyMonths === '' ? null : historyMonths };
}
