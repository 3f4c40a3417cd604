using RtcPlatform.ContractGen;

bool check = args.Length == 2 && args[0] == "--check";
if (!check && args.Length != 1)
{
    Console.Error.WriteLine("usage: RtcPlatform.ContractGen [--check] <path of contract.ts>");
    return 64;
}

string path = args[^1];
string wanted = ContractWriter.Write();
string present = File.Exists(path) ? File.ReadAllText(path) : "";
if (present == wanted)
{
    return 0;
}

if (check)
{
    // The shape that MSBuild's Exec task turns into a build error, so that the reason is seen without the log.
    Console.WriteLine($"{path}: error CONTRACT001: stale at {FirstDifference.Between(present, wanted)}; "
        + "run: dotnet run --project tools/RtcPlatform.ContractGen -p:SkipContractCheck=true -- web/packages/client/src/signal/contract.ts");
    return 1;
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
File.WriteAllText(path, wanted);
return 0;
