using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every foreign call of this assembly is blittable: pointers and integers only.
[assembly: DisableRuntimeMarshalling]
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
