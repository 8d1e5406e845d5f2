/** Of the gateway's OpenAPI document. */
export const API_TITLE = 'Clew trips and orders';
