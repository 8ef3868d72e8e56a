import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { type ScopeEntryView, type ScopeRequest, scopeRequest } from '@netdelta/core/api/scope.ts';
import { useSaveScopeEntry } from '../../api/scope.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { fieldErrors } from '../../components/form-errors.ts';
import { showDone } from '../../components/toast.ts';

interface Typed {
  readonly targets: string;
  readonly authorisedBy: string;
  /** Empty: until it is taken back. */
  readonly validUntil: string;
  readonly note: string;
}

const NOTHING: Typed = { targets: '', authorisedBy: '', validUntil: '', note: '' };

/** Makes an authorisation, or changes one. */
export function ScopeForm({ entry, onDone }: { entry?: ScopeEntryView; onDone?: () => void }) {
  const save = useSaveScopeEntry(entry?.id);
  const form = useForm<Typed>({
    initialValues: entry ? { ...entry, validUntil: entry.validUntil ?? '' } : NOTHING,
    validate: (values) => schemaResolver(scopeRequest, { sync: true })(readTyped(values)),
  });
  const submit = form.onSubmit((values) =>
    save.mutate(readTyped(values), {
      onSuccess: () => {
        showDone('The scope has been saved.');
        onDone?.();
      },
      onError: (error) => form.setErrors(fieldErrors(error)),
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm" maw={640}>
        <Textarea
          label="Targets"
          description="Addresses, CIDRs, ranges and host names, one a line; # begins a comment. A host name may be asked wherever it leads when it is scanned."
          autosize
          minRows={3}
          maxRows={16}
          classNames={{ input: 'mono' }}
          {...form.getInputProps('targets')}
        />
        <TextInput
          label="Authorised by"
          description="Whose word it is: a person, a contract, a ticket."
          {...form.getInputProps('authorisedBy')}
        />
        <TextInput
          type="date"
          label="Until"
          description="The last day on which it holds, in the site's time zone. Empty: until it is taken back."
          maw={260}
          {...form.getInputProps('validUntil')}
        />
        <Textarea label="Note" autosize {...form.getInputProps('note')} />
        <ErrorPanel error={save.error} title="The scope was not saved" />
        <Group justify="flex-end">
          {onDone && (
            <Button variant="default" onClick={onDone}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function readTyped({ validUntil, ...typed }: Typed): ScopeRequest {
  return {
    ...{ targets: typed.targets, authorisedBy: typed.authorisedBy, note: typed.note },
    validUntil: validUntil === '' ? null : validUntil,
  };
}
