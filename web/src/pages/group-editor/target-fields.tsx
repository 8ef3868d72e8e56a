import { Button, FileButton, Group, Stack, Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import type { GroupRequest } from '@netdelta/core/api/groups.ts';
import { IconUpload } from '@tabler/icons-react';
import { useRef } from 'react';
import { Panel } from '../../components/panel.tsx';
import { showFailure } from '../../components/toast.ts';
import { TargetCheck } from './target-check.tsx';
import { addLines, lineRange } from './target-text.ts';

const LARGEST_FILE = 4_194_304;

const AREA = {
  autosize: true,
  minRows: 7,
  maxRows: 18,
  miw: 250,
  classNames: { input: 'mono' },
  spellCheck: false,
} as const;

type Field = 'targets' | 'exclusions';

/** What is scanned and what is left out, checked while it is typed. */
export function TargetFields({ form }: { form: UseFormReturnType<GroupRequest> }) {
  const { targets, exclusions } = form.values;
  const [checked] = useDebouncedValue({ targets, exclusions }, 400);
  const areas = {
    targets: useRef<HTMLTextAreaElement>(null),
    exclusions: useRef<HTMLTextAreaElement>(null),
  };
  const showLine = (field: Field, line: number) => {
    const area = areas[field].current;
    area?.focus();
    area?.setSelectionRange(...lineRange(form.values[field], line));
  };
  const addFile = async (file: File | null) => {
    if (!file) return;
    if (file.size > LARGEST_FILE)
      return showFailure(`${file.name} was not read`, new Error('It is larger than 4 MB.'));
    form.setFieldValue('targets', addLines(targets, await file.text()));
  };
  const upload = (
    <FileButton onChange={addFile} accept=".txt,.csv,.list,text/plain">
      {(props) => (
        <Button
          {...props}
          variant="default"
          size="compact-sm"
          leftSection={<IconUpload size={14} />}
        >
          Add from a text file
        </Button>
      )}
    </FileButton>
  );
  return (
    <Panel title="Targets" actions={upload}>
      <Stack gap="sm">
        <Group align="flex-start" gap="md" grow preventGrowOverflow={false}>
          <Textarea
            ref={areas.targets}
            label="Targets"
            description="One a line: an address, a range, a network or a host name. # begins a comment."
            placeholder={'192.0.2.10\n192.0.2.20-40\n198.51.100.0/24  # offices\nwww.example.org'}
            required
            {...AREA}
            {...form.getInputProps('targets')}
          />
          <Textarea
            ref={areas.exclusions}
            label="Exclusions"
            description="Never asked, even where a target names them. Written like targets."
            placeholder="198.51.100.1  # the printer that cannot bear it"
            {...AREA}
            {...form.getInputProps('exclusions')}
          />
        </Group>
        <TargetCheck targets={checked} onShowLine={showLine} />
      </Stack>
    </Panel>
  );
}
