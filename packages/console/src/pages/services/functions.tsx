import type { ReactNode } from 'react';
import type { FunctionSummary } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import type { Column } from '../../components/table/data-table.tsx';
import { pathPart } from '../../model/paths.ts';
import { Link } from '../../router/link.tsx';
import { ListPage } from './parts.tsx';

/** The functions of Lambda; what they wrote is in their log groups. */
export function FunctionsPage(): ReactNode {
  return (
    <ListPage
      title="Functions"
      empty={{
        title: 'There are no functions',
        hint: 'Functions of Lambda that an app deploys or a client creates are here.',
      }}
      of={useQuery('functions', {})}
      columns={COLUMNS}
      rowKey={({ arn }) => arn}
      text={({ name }) => name}
    />
  );
}

const COLUMNS: readonly Column<FunctionSummary>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name, sort: ({ name }) => name },
  {
    id: 'logs',
    header: 'Logs',
    cell: ({ logGroup }) => <Link to={`services/logs/${pathPart(logGroup)}`}>{logGroup}</Link>,
  },
  { id: 'runtime', header: 'Runtime', cell: ({ runtime }) => runtime ?? '', sort: ({ runtime }) => runtime },
  { id: 'handler', header: 'Handler', cell: ({ handler }) => <code>{handler ?? ''}</code>, isMinor: true },
  {
    id: 'timeout',
    header: 'Timeout',
    cell: ({ timeoutSeconds }) => (timeoutSeconds === null ? '' : `${timeoutSeconds} s`),
    sort: ({ timeoutSeconds }) => timeoutSeconds,
    align: 'right',
    isMinor: true,
  },
  {
    id: 'memory',
    header: 'Memory',
    cell: ({ memoryMb }) => (memoryMb === null ? '' : `${memoryMb} MB`),
    sort: ({ memoryMb }) => memoryMb,
    align: 'right',
    isMinor: true,
  },
];
