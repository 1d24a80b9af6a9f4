/** Version of the access files. A gate reads those of its own version only. A separate file, so that bundling it does not bundle zod. */
export const ACCESS_VERSION = 4;
