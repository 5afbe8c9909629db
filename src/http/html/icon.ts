/** A door in its frame, ajar, with a keyhole. */
export const ICON_TEXT = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M5 30V13a11 11 0 0 1 22 0v17z" fill="#1f6f6b"/>
<path d="M9 30V13a7 7 0 0 1 14 0v17z" fill="#f4d58d"/>
<path d="M9 30V13a7 7 0 0 1 7-7l4 3a6 6 0 0 1 1 4v17z" fill="#12403e"/>
<circle cx="17.5" cy="18" r="2" fill="#f4d58d"/>
<path d="M16.7 18.5h1.6l.7 4.5h-3z" fill="#f4d58d"/>
</svg>
`;
