/** The attributes of one XML element, entities resolved. */
export type Attributes = Readonly<Record<string, string>>;
