import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

/** One output item, linked to the input item that it came of. */
export function outputItem(json: IDataObject, item: number): INodeExecutionData {
	return { json, pairedItem: { item } };
}
