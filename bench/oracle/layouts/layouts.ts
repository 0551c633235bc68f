import { adageLayout } from './adage.ts';
import type { OracleLayout } from './layout.ts';
import { terraformLayout } from './terraform.ts';
import { terragruntLayout } from './terragrunt.ts';

export const layouts: Readonly<Record<'terraform' | 'adage' | 'terragrunt', OracleLayout>> = {
  terraform: terraformLayout,
  adage: adageLayout,
  terragrunt: terragruntLayout,
};
