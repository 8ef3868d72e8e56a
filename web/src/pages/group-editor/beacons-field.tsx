import { Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { GroupRequest } from '@netdelta/core/api/groups.ts';
import { parseBeacons } from '@netdelta/core/target/parse-beacons.ts';
import { useRef } from 'react';
import { LineProblems } from '../../components/line-problems.tsx';
import { lineRange } from './target-text.ts';

/** What always answers, checked while it is typed. */
export function BeaconsField({ form }: { form: UseFormReturnType<GroupRequest> }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { beacons } = form.values;
  const { problems } = parseBeacons(beacons);
  const showLine = (line: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(...lineRange(beacons, line));
  };
  return (
    <div>
      <Textarea
        ref={area}
        label="Beacons"
        description="Addresses (asked by ping) or endpoints (by TCP connect) that always answer, one a line; best on the way to the targets. When anything stays silent, the beacons are asked as well: if they are silent too, the scanner saw nothing, and nothing is reported as gone. Hosts that have been up for long are asked besides."
        placeholder={'192.0.2.1  # the router\n192.0.2.53:53'}
        autosize
        minRows={2}
        maxRows={10}
        styles={{ wrapper: { maxWidth: 460 } }}
        mb="xs"
        classNames={{ input: 'mono' }}
        spellCheck={false}
        {...form.getInputProps('beacons')}
      />
      <div aria-live="polite">
        <LineProblems problems={problems} onShow={({ line }) => showLine(line)} />
      </div>
    </div>
  );
}
