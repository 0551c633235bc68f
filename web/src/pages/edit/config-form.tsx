import { useId, useState } from 'react';
import type { Json } from '../../../../src/model/digest.ts';
import { pointerOf } from '../../../../src/model/pointer.ts';
import type { Answers, Finding } from '../../api/answers.ts';
import { Icon } from '../../parts/icon.tsx';
import { Place } from '../../parts/place.tsx';
import { isRecord } from './edits-between.ts';
import type { Field } from './fields-of.ts';

type ShownKey = Answers['/v1/config']['keys'][number];

interface FormProps {
  readonly fields: readonly Field[];
  readonly keys: ReadonlyMap<string, ShownKey>;
  readonly findings: ReadonlyMap<string, Finding>;
  /** Nothing is there now. */
  readonly isNew: boolean;
  /** Pointers whose values differ from what is there now. */
  readonly edited: ReadonlySet<string>;
  readonly onChange: (steps: readonly string[], value: Json | undefined) => void;
}

/** A config as a form: a field a key, with where its value comes from and what is wrong of it. */
export function ConfigForm(props: FormProps) {
  const given = props.fields.filter(({ value }) => value !== undefined);
  const others = props.fields.filter(({ value }) => value === undefined);
  return (
    <>
      {given.map((field) => (
        <FieldLine key={field.name} field={field} {...props} />
      ))}
      {others.length > 0 && <NotGiven fields={others} onChange={props.onChange} />}
    </>
  );
}

function NotGiven({ fields, onChange }: Pick<FormProps, 'fields' | 'onChange'>) {
  return (
    <div className="not-given">
      <span className="small dim">Not given</span>
      {fields.map(({ name, steps, about, preset, required, kind, choices, examples }) => (
        <button
          type="button"
          key={name}
          className="chip"
          title={about ?? (preset === undefined ? undefined : `default: ${JSON.stringify(preset)}`)}
          onClick={() => onChange(steps, preset ?? firstValue(kind, choices, examples))}
        >
          <Icon name="plus" size={10} /> <bdi>{name}</bdi>
          {required && <span className="tone-warn">required</span>}
        </button>
      ))}
    </div>
  );
}

function firstValue(kind: Field['kind'], choices: readonly Json[], examples: readonly string[]): Json {
  if (kind === 'choice') return choices[0] ?? '';
  if (kind === 'number') return 0;
  if (kind === 'truth') return false;
  if (kind === 'group') return {};
  if (kind === 'json') return [];
  return examples.length === 1 ? (examples[0] ?? '') : '';
}

function FieldLine({ field, ...props }: FormProps & { readonly field: Field }) {
  const { steps, name, kind, required, about, limits } = field;
  const pointer = pointerOf(steps);
  const own = useId();
  const key = props.keys.get(pointer);
  const finding = props.findings.get(pointer);
  const told = [about, limits].filter((one) => one !== undefined && one !== '').join(' · ');
  const described = [told === '' ? '' : `${own}-about`, finding === undefined ? '' : `${own}-wrong`].join(' ').trim();
  if (kind === 'group')
    return (
      <fieldset className="form-group">
        <legend className="form-name mono">
          <bdi>{name}</bdi>
        </legend>
        {told !== '' && <p className="small dim">{told}</p>}
        <ConfigForm {...props} fields={field.fields} />
      </fieldset>
    );
  return (
    <div className={`form-field${props.edited.has(pointer) ? ' form-edited' : ''}`}>
      <div className="form-head">
        <label htmlFor={own} className="form-name mono">
          <bdi title={pointer}>{name}</bdi>
        </label>
        {props.edited.has(pointer) && !props.isNew && <span className="tag">changed</span>}
        <span className="form-place small">
          {key !== undefined && !props.edited.has(pointer) && <Place file={key.file} line={key.line} />}
        </span>
        {!required && kind !== 'fixed' && (
          <button
            type="button"
            className="copy"
            aria-label={`Take ${name} away`}
            title="Take it away"
            onClick={() => props.onChange(steps, undefined)}
          >
            <Icon name="close" size={12} />
          </button>
        )}
      </div>
      <Entry
        field={field}
        id={own}
        described={described}
        wrong={finding !== undefined}
        onChange={(value) => props.onChange(steps, value)}
      />
      {told !== '' && (
        <p id={`${own}-about`} className="form-about small dim">
          <bdi>{told}</bdi>
        </p>
      )}
      {finding !== undefined && (
        <p id={`${own}-wrong`} className={`form-about small tone-${finding.severity === 'error' ? 'bad' : 'warn'}`}>
          <bdi>{finding.message}</bdi>
        </p>
      )}
    </div>
  );
}

function Entry({
  field: { kind, value, choices, examples },
  id,
  described,
  wrong,
  onChange,
}: {
  readonly field: Field;
  readonly id: string;
  readonly described: string;
  readonly wrong: boolean;
  readonly onChange: (value: Json) => void;
}) {
  const common = {
    id,
    'aria-invalid': wrong,
    ...(described === '' ? {} : { 'aria-describedby': described }),
  };
  switch (kind) {
    case 'fixed':
      return (
        <input
          {...common}
          className="field mono"
          readOnly
          value={isRecord(value) ? String(value['place'] ?? value['$unknown']) : '(hidden, and kept as it is)'}
        />
      );
    case 'truth':
      return (
        <select
          {...common}
          className="select mono"
          value={String(value)}
          onChange={({ target }) => onChange(target.value === 'true')}
        >
          <option>true</option>
          <option>false</option>
        </select>
      );
    case 'choice':
      return (
        <select
          {...common}
          className="select mono"
          value={choices.indexOf(value ?? null)}
          onChange={({ target }) => onChange(choices[Number(target.value)] ?? null)}
        >
          {choices.map((one, index) => (
            <option key={JSON.stringify(one)} value={index}>
              {typeof one === 'string' ? one : JSON.stringify(one)}
            </option>
          ))}
        </select>
      );
    case 'number':
      return <NumberEntry {...common} value={value ?? 0} onChange={onChange} />;
    case 'text':
      return (
        <>
          <input
            {...common}
            className="field mono"
            spellCheck={false}
            autoComplete="off"
            {...(examples.length === 0 ? {} : { list: `${id}-list` })}
            value={String(value ?? '')}
            onChange={({ target }) => onChange(target.value)}
          />
          {examples.length > 0 && (
            <datalist id={`${id}-list`}>
              {examples.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          )}
        </>
      );
    default:
      return <JsonEntry {...common} value={value ?? null} onChange={onChange} />;
  }
}

interface EntryProps {
  readonly id: string;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
}

/** What is typed stays as it is typed; what is no number is handed on as a text, and the schema says what it thinks of it. */
function NumberEntry({ value, onChange, ...rest }: EntryProps) {
  const [typed, setTyped] = useState(String(value));
  const shown = numberOf(typed) === value ? typed : String(value);
  return (
    <input
      {...rest}
      className="field mono"
      inputMode="decimal"
      autoComplete="off"
      value={shown}
      onChange={({ target }) => {
        setTyped(target.value);
        onChange(numberOf(target.value));
      }}
    />
  );
}

function numberOf(text: string): Json {
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : text;
}

/** A list, or anything else that no field fits: as JSON, taken over as soon as it is some. */
function JsonEntry({ value, onChange, ...rest }: EntryProps) {
  const [typed, setTyped] = useState<string>();
  const broken = typed !== undefined && parsed(typed) === undefined;
  const text = typed ?? JSON.stringify(value, null, 2);
  return (
    <>
      <textarea
        {...rest}
        aria-invalid={broken}
        className="field mono form-json"
        rows={Math.min(10, text.split('\n').length)}
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setTyped(target.value);
          const next = parsed(target.value);
          if (next !== undefined) onChange(next);
        }}
        onBlur={() => {
          if (!broken) setTyped(undefined);
        }}
      />
      {broken && <p className="form-about small tone-bad">This is no JSON yet; the last that was stands.</p>}
    </>
  );
}

export function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
